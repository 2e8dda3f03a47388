import type { IncomingMessage, ServerResponse } from 'node:http';
import { RequestMethod } from '@nestjs/common';
import type { Params } from 'nestjs-pino';
import type { Config } from './config.js';
import { loggedError } from './logged-error.js';

const infoLevel = 30;
/** What Nest says of itself at every start, and nobody reads. */
const startUpChatter = new Set([
  'InstanceLoader',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
  'NestApplication',
]);

/** One JSON object a line. Paths without their query, and no headers: those carry codes and tokens. */
export function loggerOptions(config: Config): Params {
  return {
    // the library's own default matches nothing here
    forRoutes: [{ path: '*path', method: RequestMethod.ALL }],
    pinoHttp: {
      level: config.logLevel,
      hooks: {
        logMethod(parameters, write, level) {
          const [first] = parameters as unknown[];
          const context =
            typeof first === 'object' && first !== null && 'context' in first ? first.context : null;
          if (level > infoLevel || !startUpChatter.has(String(context))) write.apply(this, parameters);
        },
      },
      autoLogging: {
        // Fastify's middleware takes the path off `url`
        ignore: (request: IncomingMessage & { originalUrl?: string }) =>
          /^\/(health|metrics|assets)/.test(request.originalUrl ?? request.url ?? ''),
      },
      customProps: () => ({ context: 'http' }),
      customLogLevel: (_request: IncomingMessage, response: ServerResponse) =>
        response.statusCode >= 500 ? 'error' : 'info',
      serializers: {
        req: (request: { id: string; method: string; url: string }) => ({
          id: request.id,
          method: request.method,
          path: request.url.split('?')[0],
        }),
        err: loggedError, // of what pino itself makes of an error
        res: (response: { statusCode: number }) => ({ status: response.statusCode }),
      },
    },
  };
}
