import type { Params } from 'nestjs-pino';
import { stdSerializers } from 'pino';
import type { Config } from '../../config/config.js';
import { logContext } from './log-context.js';
import { logOutput } from './log-output.js';
import { serializeError } from './error-serializer.js';

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
    forRoutes: [], // requests are logged by hooks of the server, see log-requests.ts
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
