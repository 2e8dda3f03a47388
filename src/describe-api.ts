import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { AppModule } from './app.module.js';
import { SystemClock } from './platform/clock.js';
import { loadConfig } from './platform/config/config.js';
import { describeRoutes } from './platform/http/openapi/describe-routes.js';

/** The OpenAPI description of this build. Nothing is connected or started for it. */
export async function describeApi(): Promise<OpenAPIObject> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(loadConfig({ SECRET_KEY: 'x'.repeat(32) }), new SystemClock()),
    new FastifyAdapter(),
    { preview: true, logger: false, abortOnError: false },
  );
  return describeRoutes(app);
}
