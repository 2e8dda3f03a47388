import { setTimeout as pause } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { createApp } from '../../src/create-app.js';
import { ManualClock } from '../../src/platform/clock.js';
import { loadConfig, type Config } from '../../src/platform/config/config.js';
import { Database } from '../../src/platform/database/database.js';
import { EventHandlerWorker } from '../../src/platform/jobs/event-handler-worker.js';
import { ClickCounter } from '../../src/referral/attribution/click-counter.js';
import { createMigratedDatabase } from './database.js';
import { FakeStripe } from './fake-stripe.js';
import { Given } from './given.js';
import { See } from './see.js';
import { When } from './when.js';

/** The whole application on a database of its own, in a time of its own. */
export interface World {
  app: NestFastifyApplication;
  clock: ManualClock;
  config: Config;
  database: Database;
  /** Plain SQL, for looking at what was really stored. */
  sql: pg.Pool;
  given: Given;
  when: When;
  see: See;
  /** Runs all reactions that wait, and what they bring about. */
  runHandlers(): Promise<number>;
  close(): Promise<void>;
}

/** The moment at which every world begins. */
export const worldStart = new Date('2026-11-01T12:00:00.000Z');
export const webhookSecret = 'whsec_test_of_twofold';

/**
 * Makes a world, whose Stripe is down unless `change` names another. Close it when the file is
 * done. `route` may lead the application to its database by another address.
 */
export async function createWorld(
  change: Partial<Config> = {},
  routeTo: (databaseUrl: string) => Promise<string> = (url) => Promise.resolve(url),
): Promise<World> {
  const testDatabase = await createMigratedDatabase();
  const downStripe = change.stripeApiBase === undefined ? new FakeStripe({ isDown: true }) : null;
  const stripe = downStripe === null ? {} : { stripeApiBase: await downStripe.open() };
  const config: Config = {
    ...withCircuitClosed(loadConfig(testEnvironment(await routeTo(testDatabase.url)))),
    ...stripe,
    ...change,
  };
  const clock = new ManualClock(worldStart);
  const app = await createApp(config, clock);
  const sql = new pg.Pool({ connectionString: testDatabase.url, max: 4 });
  // dropping the database may reach a connection before its own end does
  sql.on('error', () => undefined);
  const worker = app.get(EventHandlerWorker, { strict: false });
  const clickCounter = app.get(ClickCounter, { strict: false });
  let lastRun: Promise<number> = Promise.resolve(0);
  // one after the other: the caller has waited for what others had begun to run
  const settle = () =>
    (lastRun = lastRun.then(async () => {
      await clickCounter.settle();
      return worker.drain();
    }));
  const see = new See(sql, app, clock);
  return {
    app,
    clock,
    config,
    sql,
    runHandlers: settle,
    see,
    database: app.get(Database, { strict: false }),
    given: new Given(app, sql, clock, settle),
    when: new When(app, clock),
    close: async () => {
      await app.close();
      await downStripe?.close();
      // a test that failed may still hold a connection, which ends with the database
      await Promise.race([sql.end(), pause(5_000, undefined, { ref: false })]);
      await testDatabase.drop();
    },
  };
}

/** Stories lose many answers of Stripe in a row: their circuit stays closed. */
function withCircuitClosed(config: Config): Config {
  return { ...config, stripeLimits: { ...config.stripeLimits, failuresUntilOpen: Number.MAX_SAFE_INTEGER } };
}

function testEnvironment(databaseUrl: string): NodeJS.ProcessEnv {
  return {
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_MAX: '12',
    WEBHOOK_CONCURRENCY: '100', // what the pool allows
    BASE_URL: 'http://twofold.test',
    SECRET_KEY: 'a-secret-key-that-only-the-tests-know-0123456789',
    STRIPE_SECRET_KEY: 'sk_test_of_twofold',
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    SIGN_IN_LIMIT_FACTOR: '100000',
    // stories travel in time; test/security/step-up.test.ts checks the limit itself
    FRESH_SIGN_IN_HOURS: '1000000',
    ROLE: 'web',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'fatal',
  };
}
