import { randomBytes, createHmac } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../create-app.js';
import { prepareLocalEnvironment, startSandboxIfLocal } from '../../local-environment.js';
import { SystemClock, Clock } from '../../platform/clock.js';
import { loadConfig, type Config } from '../../platform/config/config.js';
import { freePort } from '../../embedded-postgres/index.js';
import { EventHandlerWorker } from '../../platform/jobs/event-handler-worker.js';
import { prepareDatabase } from '../../prepare-database.js';
import { Database } from '../../platform/database/database.js';

/**
 * The whole application on a database of its own, with the Stripe sandbox, listening on loopback.
 */
export interface DemoEnvironment {
  url: string;
  config: Config;
  app: NestFastifyApplication;
}

/**
 * Builds the environment for `work` and leaves nothing behind, also when it fails or a person
 * interrupts it.
 */
export async function withDemoEnvironment<T>(
  work: (demoEnvironment: DemoEnvironment) => Promise<T>,
): Promise<T> {
  const cleanup: (() => unknown)[] = [];
  let cleanedUp: Promise<void> | null = null;
  const cleanUp = () => (cleanedUp ??= runInReverse(cleanup));
  const interrupted = () => void cleanUp().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted);
  try {
    return await work(await createEnvironment(cleanup));
  } finally {
    await cleanUp();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupted);
  }
}

async function createEnvironment(cleanup: (() => unknown)[]): Promise<DemoEnvironment> {
  const dataDir = mkdtempSync(join(tmpdir(), 'twofold-demo-'));
  cleanup.push(() => rmSync(dataDir, { recursive: true, force: true }));
  // PostgreSQL, which root runs as another user, must get in, or its data would lie elsewhere
  chmodSync(dataDir, 0o755);
  const port = await freePort();
  // its own environment: no variable may lead to a database or a Stripe account that matters
  const config = loadConfig({
    DATA_DIR: dataDir,
    PORT: String(port),
    SECRET_KEY: randomBytes(32).toString('hex'),
    LOG_LEVEL: 'silent',
  });
  const environment = await prepareLocalEnvironment(config, () => undefined);
  cleanup.push(() => environment.release());
  const local = await startSandboxIfLocal({ ...environment, release: () => Promise.resolve() }, 0);
  cleanup.push(() => local.release());
  await prepareDatabase(local.config.databaseUrl);
  const app = await createApp(local.config, new SystemClock());
  cleanup.push(() => app.close());
  await app.listen(port, config.host);
  await app.get(EventHandlerWorker).start();
  return { url: config.baseUrl, config: local.config, app };
}

async function runInReverse(undo: (() => unknown)[]): Promise<void> {
  for (const step of undo.reverse()) await step();
}

/** How a delivery was answered. */
export interface DeliveryResult {
  status: number;
  outcome: string;
}

/**
 * Delivers the payment's event again, `times` at once, byte for byte and signed as Stripe signs.
 */
export async function replayPayment(
  { app, config, url }: DemoEnvironment,
  times: number,
): Promise<DeliveryResult[]> {
  const [event] = await app.get(Database).query<{ payload: string }>(
    // Stripe has two events for it, and either may come first
    `SELECT payload::text AS payload FROM billing.received_event
       WHERE type IN ('invoice.paid', 'invoice.payment_succeeded') AND status = 'applied' LIMIT 1`,
  );
  const secret = config.stripeWebhookSecrets[0];
  if (event === undefined || secret === undefined) throw new Error('No payment arrived');
  const at = Math.floor(app.get(Clock).now().getTime() / 1000);
  const signature = createHmac('sha256', secret).update(`${at}.${event.payload}`).digest('hex');
  const deliver = async (): Promise<DeliveryResult> => {
    const answer = await fetch(`${url}/webhooks/stripe`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'stripe-signature': `t=${at},v1=${signature}` },
      body: event.payload,
    });
    const { outcome } = (await answer.json()) as { outcome: string };
    return { status: answer.status, outcome };
  };
  return Promise.all(Array.from({ length: times }, deliver));
}
