import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './app.js';
import { StripeAccount, WrongStripeAccount } from './billing/index.js';
import { complete, withSandbox, type Completed } from './local-mode.js';
import { capturedMailOf } from './mail/index.js';
import { SystemClock } from './platform/clock.js';
import { ConfigError, loadConfig, usesSandbox, type Config } from './platform/config.js';
import { Draining } from './platform/http/draining.js';
import { isLoopbackUrl } from './platform/http/loopback.js';
import { NotMigrated } from './platform/database-roles/index.js';
import { Reactor } from './platform/reactor.js';
import { startTracing } from './platform/tracing/start-tracing.js';
import { version } from './platform/version.js';
import { prepareDatabase } from './prepare-database.js';

/** How long requests and jobs have to end once the door is shut. */
const finishMs = 8_000;
/** When the process ends whatever still holds it, after the delay of its shutdown. */
const lastMs = 9_300;

/** A running process of Twofold. */
export interface Running {
  url: string;
  /** Stops accepting, finishes what runs, then closes. Again: waits for the same end. */
  stop(): Promise<void>;
}

/**
 * Starts Twofold as the environment says and stays until SIGTERM or SIGINT.
 * Exits with 2 when the environment makes no sense, or names another Stripe account than before.
 */
export async function serve(env: NodeJS.ProcessEnv): Promise<void> {
  try {
    const config = loadConfig(env);
    const starting = start(config, (line) => console.error(line));
    // from the first moment on: who is told to stop while it starts stops as soon as it has started
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.once(signal, () => {
        setTimeout(() => process.exit(0), config.shutdownDelayMs + lastMs).unref();
        starting.then((running) => running.stop()).then(() => process.exit(0), fail);
      });
    await starting;
  } catch (error) {
    fail(error);
  }
}

/** Starts database, migrations, sandbox, web and worker, as far as `config` asks for them. */
export async function start(config: Config, say: (line: string) => void): Promise<Running> {
  const endTracing =
    config.otlpEndpoint === null ? () => Promise.resolve() : await startTracing(config.otlpEndpoint);
  const completed = await complete(config, say);
  try {
    const local = await withSandbox(completed, config.port === 0 ? 0 : config.port + 1);
    await prepareDatabase(local.config.databaseUrl);
    const app = await createApp(local.config, new SystemClock(config.clockOffsetMs));
    if (!usesSandbox(config)) await app.get(StripeAccount, { strict: false }).check();
    const url = await listen(app, local.config);
    if (config.role !== 'web') await app.get(Reactor).start();
    greet(local.config, url, say);
    return { url, stop: once(() => stop(app, local).then(endTracing)) };
  } catch (error) {
    await completed.release();
    throw error;
  }
}

/**
 * Requests that come while others are told to go elsewhere are answered as always. Then the door is shut, and what has
 * come in and what jobs have begun is finished: a transaction takes 8 s at most. Nothing that they need ends before.
 */
async function stop(app: NestFastifyApplication, local: Completed): Promise<void> {
  const draining = app.get(Draining);
  await draining.begin(local.config.shutdownDelayMs);
  await Promise.all([draining.finish(app, finishMs), app.get(Reactor).stop(finishMs)]);
  await app.close();
  await local.release();
}

async function listen(app: NestFastifyApplication, config: Config): Promise<string> {
  await app.listen(config.port, config.host);
  return (await app.getUrl()).replace('[::1]', '127.0.0.1');
}

function greet(config: Config, url: string, say: (line: string) => void): void {
  say('');
  say(`  Twofold is ready:   ${config.port === 0 ? url : config.baseUrl}   (${version})`);
  const mail = capturedMailOf(config);
  if (mail === 'at_dev_mail') say(`  Mail is kept at:    ${config.baseUrl}/dev/mail`);
  if (mail === 'unreadable') say('  No mail is sent:    set SMTP_URL, or nobody can sign in');
  if (config.sandboxUrl !== null) {
    const pages = isLoopbackUrl(config.baseUrl) ? `${config.baseUrl}/dev/stripe` : config.sandboxUrl;
    say(`  Stripe sandbox:     ${pages}   (no real money)`);
  }
  say('  Become admin:       npx twofold make-admin you@example.org   (after signing in once)');
  say('');
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => (running ??= work());
}

function fail(error: unknown): void {
  if (error instanceof ConfigError || error instanceof WrongStripeAccount) {
    console.error(error.message);
    process.exit(2);
  }
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    console.error(`${error.message}\nStop what listens there, or choose another PORT.`);
    process.exit(1);
  }
  if (error instanceof NotMigrated) {
    console.error(error.message);
    process.exit(1);
  }
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exit(1);
}
