import { afterAll, beforeAll, expect, it } from 'vitest';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { loadConfig } from '../config/config.js';
import { ProblemFilter } from '../http/problem.filter.js';
import { AssetsController } from './assets.controller.js';
import { assetUrls } from './assets.js';

let app: NestFastifyApplication;

beforeAll(async () => {
  const module = await Test.createTestingModule({ controllers: [AssetsController] }).compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  app.useGlobalFilters(new ProblemFilter(loadConfig({})));
  await app.init();
});
afterAll(() => app.close());

it('a file under its own hash is kept for a year', async () => {
  const types = { css: 'text/css', js: 'text/javascript', icon: 'image/svg+xml' } as const;
  for (const kind of ['css', 'js', 'icon'] as const) {
    const { statusCode, headers } = await app.inject(assetUrls[kind]);
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toContain(types[kind]);
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
  }
});

it('under another version’s hash, or none, it is asked for again each time', async () => {
  for (const url of ['/assets/app.css?v=another', '/assets/app.css'])
    expect((await app.inject(url)).headers['cache-control']).toBe('no-cache');
});

it('nothing else of the disk can be had', async () => {
  for (const url of ['/assets/client.js', '/assets/..%2Fclock.js', '/assets/constructor'])
    expect((await app.inject(url)).statusCode).toBe(404);
});
