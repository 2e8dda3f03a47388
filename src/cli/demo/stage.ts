import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../app.js';
import { complete, withSandbox } from '../../local-mode.js';
import { SystemClock } from '../../platform/clock.js';
import { loadConfig, type Config } from '../../platform/config.js';
import { freePort } from '../../platform/embedded-postgres/free-port.js';
import { Reactor } from '../../platform/reactor.js';
import { prepareDatabase } from '../../prepare-database.js';

/** The whole application on a database of its own, with the Stripe sandbox, listening on loopback. */
export interface Stage {
  url: string;
  config: Config;
  app: NestFastifyApplication;
}

/** Builds a stage, lets `play` use it, and leaves nothing behind: also when it fails, and when somebody interrupts it. */
export async function onStage<T>(play: (stage: Stage) => Promise<T>): Promise<T> {
  const undo: (() => unknown)[] = [];
  let undone: Promise<void> | null = null;
  const leave = () => (undone ??= runBackwards(undo));
  const interrupted = () => void leave().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted);
  try {
    return await play(await build(undo));
  } finally {
    await leave();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupted);
  }
}

async function build(undo: (() => unknown)[]): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'twofold-demo-'));
  undo.push(() => rmSync(dataDir, { recursive: true, force: true }));
  chmodSync(dataDir, 0o755); // PostgreSQL, which root runs as another user, must get in, or its data would lie elsewhere
  const port = await freePort(null);
  // an environment of its own: whatever is set outside must not lead to a database or a Stripe account that matter
  const config = loadConfig({
    DATA_DIR: dataDir,
    PORT: String(port),
    SECRET_KEY: randomBytes(32).toString('hex'),
    LOG_LEVEL: 'silent',
  });
  const completed = await complete(config, () => undefined);
  undo.push(() => completed.release());
  const local = await withSandbox({ ...completed, release: () => Promise.resolve() }, 0);
  undo.push(() => local.release());
  await prepareDatabase(local.config.databaseUrl);
  const app = await createApp(local.config, new SystemClock());
  undo.push(() => app.close());
  await app.listen(port, config.host);
  await app.get(Reactor).start();
  return { url: config.baseUrl, config: local.config, app };
}

async function runBackwards(undo: (() => unknown)[]): Promise<void> {
  for (const step of undo.reverse()) await step();
}
