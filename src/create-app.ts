import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module.js';
import { serveOpenApi } from './platform/http/openapi/serve-openapi.js';
import { createHttpAdapter, configureHttp } from './platform/http/http-server.js';
import type { Clock } from './platform/clock.js';
import type { Config } from './platform/config/config.js';
import { ProgrammeTerms } from './referral/index.js';

/** Puts the whole application together on a migrated database. It does not listen yet. */
export async function createApp(config: Config, clock: Clock): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(config, clock),
    createHttpAdapter(config),
    {
      bodyParser: false, // our own are put in place with all else of HTTP
      bufferLogs: true,
      abortOnError: false,
    },
  );
  app.useLogger(app.get(Logger));
  await configureHttp(app, config);
  serveOpenApi(app);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  await app.get(ProgrammeTerms).seed();
  return app;
}
