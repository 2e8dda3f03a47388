import { writeSync } from 'node:fs';
import type { Params } from 'nestjs-pino';
import { stdSerializers, type DestinationStream } from 'pino';
import type { Config } from '../../config/config.js';
import { afterCurrentTurn } from '../../event-loop.js';
import { logContext } from './log.js';

const infoLevel = 30;
/** What Nest says of itself at every start. */
const ignoredContexts = new Set([
  'InstanceLoader',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
  'NestApplication',
]);

/** One JSON object a line, which says what it belongs to. */
export function loggerOptions(config: Config): Params {
  return {
    forRoutes: [], // requests are logged by hooks of the server, see request-logging.ts
    pinoHttp: [
      {
        level: config.logLevel,
        hooks: {
          logMethod(parameters, write, level) {
            const [first] = parameters as unknown[];
            const context =
              typeof first === 'object' && first !== null && 'context' in first ? first.context : null;
            if (level > infoLevel || !ignoredContexts.has(String(context))) write.apply(this, parameters);
          },
        },
        mixin: () => ({ ...logContext.getStore() }),
        wrapSerializers: false, // else the library writes out requests and answers in its own way
        serializers: { err: stdSerializers.wrapErrorSerializer(serializeError) },
      },
      logOutput(),
    ],
  };
}

let output: DestinationStream | undefined;

/**
 * Standard output. All lines of one turn of the event loop are written together, before the next
 * turn begins, since a write costs more than formatting a line. What was logged before an exit,
 * also one for an error, is written.
 */
function logOutput(): DestinationStream {
  return (output ??= bufferedOutput(1));
}

/**
 * What cannot be written, to a full disk or to a closed pipe, is lost: no payment fails for want of
 * a line.
 */
export function bufferedOutput(file: number): DestinationStream {
  let lines = '';
  const write = (): void => {
    const bytes = Buffer.from(lines);
    lines = '';
    writeAll(file, bytes);
  };
  process.on('exit', write);
  return {
    write(line) {
      if (lines === '') afterCurrentTurn(write);
      lines += line;
    },
  };
}

/**
 * A pipe that is full is waited for, a little: its reader may be slow, and must not stop us for
 * ever.
 */
function writeAll(file: number, bytes: Buffer): void {
  let written = 0;
  for (let pauses = 0; written < bytes.length && pauses < 100;) {
    try {
      written += writeSync(file, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      Atomics.wait(sleepCell, 0, 0, 10);
      pauses++;
    }
  }
}

const sleepCell = new Int32Array(new SharedArrayBuffer(4));

/**
 * What a line of the log says of an error. The rest may quote what a person wrote, as PostgreSQL
 * does with a row it refuses.
 */
const loggedFields = [
  'type',
  'message',
  'stack',
  'code',
  'severity',
  'schema',
  'table',
  'column',
  'constraint',
  'statusCode',
  // Stripe's: what it complains of, and by what name its support finds the request
  'param',
  'requestId',
];

/** Stripe quotes the key that it refuses, with only its middle masked. */
const stripeKey = /\b[rsp]k_(test|live)_[\w*]+/g;
const emailPattern = /[^\s"'<>()[\]:;,=]+@[^\s"'<>()[\]:;,]+/g;

/**
 * An error, as pino has written it out, for the log: without what a driver adds, such as a
 * statement’s parameters or the row that broke a constraint, and without addresses and keys in its
 * words.
 */
export function serializeError(serialized: object): Record<string, unknown> {
  const known = Object.entries(serialized).filter(([name]) => loggedFields.includes(name));
  return Object.fromEntries(
    known.map(([name, value]) => [name, typeof value === 'string' ? redact(value) : value]),
  );
}

/** Keeps the paths of packages in a stack: their names begin with the sign. */
function redact(text: string): string {
  return text
    .replaceAll(stripeKey, '…')
    .replaceAll(emailPattern, (found) => (found.includes('/') ? found : '…@…'));
}
