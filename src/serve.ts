import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { StaffInvitations, type FirstAdminOffer } from './auth/index.js';
import { createApp } from './create-app.js';
import { StripeAccount, WrongStripeAccountError } from './billing/index.js';
import { prepareLocalEnvironment, startSandboxIfLocal, type LocalEnvironment } from './local-environment.js';
import { capturedMailOf } from './notifications/index.js';
import { SystemClock } from './platform/clock.js';
import { ConfigError, loadConfig, usesSandbox, type Config } from './platform/config/config.js';
import { ShutdownState } from './platform/http/connections.js';
import { isLoopbackUrl } from './platform/http/loopback.js';
import { NotMigratedError, OlderDatabaseError } from './platform/database/migration-status.js';
import { EventHandlerWorker } from './platform/jobs/event-handler-worker.js';
import { startTracing } from './platform/observability/tracing.js';
import { version } from './platform/version.js';
import { prepareDatabase } from './prepare-database.js';

/** How long requests and jobs have to end once the server stops accepting. */
const drainTimeoutMs = 8_000;
/** When the process ends whatever still holds it, after the delay of its shutdown. */
const forceExitMs = 9_300;

/** A running process of Twofold. */
export interface RunningApp {
  url: string;
  /** Stops accepting, finishes what runs, then closes. Idempotent: waits for the same end. */
  stop(): Promise<void>;
}

/**
 * Starts Twofold as the environment says and stays until SIGTERM or SIGINT.
 * Exits with 2 when the environment makes no sense, or names another Stripe account than before.
 */
export async function serve(env: NodeJS.ProcessEnv): Promise<void> {
  try {
    const config = loadConfig(env);
    const starting = startApp(config, (line) => console.error(line));
    // from the start: a process that is asked to stop while it starts, stops once it has started
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.once(signal, () => {
        setTimeout(() => process.exit(0), config.shutdownDelayMs + forceExitMs).unref();
        starting.then((running) => running.stop()).then(() => process.exit(0), exitWithError);
      });
    await starting;
  } catch (error) {
    exitWithError(error);
  }
}

/** Starts database, migrations, sandbox, web and worker, as far as `config` asks for them. */
export async function startApp(config: Config, log: (line: string) => void): Promise<RunningApp> {
  const endTracing =
    config.otlpEndpoint === null ? () => Promise.resolve() : await startTracing(config.otlpEndpoint);
  const prepared = await prepareLocalEnvironment(config, log);
  try {
    const environment = await startSandboxIfLocal(prepared, config.port === 0 ? 0 : config.port + 1);
    await prepareDatabase(environment.config.databaseUrl);
    const app = await createApp(environment.config, new SystemClock(config.clockOffsetMs));
    if (!usesSandbox(config)) await app.get(StripeAccount, { strict: false }).check();
    const url = await listen(app, environment.config);
    if (config.role !== 'web') await app.get(EventHandlerWorker).start();
    const firstAdmin =
      config.role === 'worker' ? null : await app.get(StaffInvitations, { strict: false }).offerFirstAdmin();
    printReadyMessage(environment.config, { url, firstAdmin }, log);
    return { url, stop: once(() => stopApp(app, environment).then(endTracing)) };
  } catch (error) {
    await prepared.release();
    throw error;
  }
}

/**
 * Requests that come while others are sent elsewhere are answered as always. Then the server stops
 * accepting, and what has come in and what jobs have begun is finished: a transaction takes 8 s at
 * most. Nothing that they need ends before.
 */
async function stopApp(app: NestFastifyApplication, environment: LocalEnvironment): Promise<void> {
  const shutdown = app.get(ShutdownState);
  await shutdown.begin(environment.config.shutdownDelayMs);
  await Promise.all([shutdown.drain(app, drainTimeoutMs), app.get(EventHandlerWorker).stop(drainTimeoutMs)]);
  await app.close();
  await environment.release();
}

async function listen(app: NestFastifyApplication, config: Config): Promise<string> {
  await app.listen(config.port, config.host);
  return (await app.getUrl()).replace('[::1]', '127.0.0.1');
}

function printReadyMessage(
  config: Config,
  { url, firstAdmin }: { url: string; firstAdmin: FirstAdminOffer | null },
  log: (line: string) => void,
): void {
  log('');
  log(`  Twofold is ready:   ${config.port === 0 ? url : config.baseUrl}   (${version})`);
  const mail = capturedMailOf(config);
  if (mail === 'at_dev_mail') log(`  Emails appear at:   ${config.baseUrl}/dev/mail`);
  if (mail === 'unreadable') log('  No email is sent: set SMTP_URL, so that people can sign in');
  if (config.sandboxUrl !== null) {
    const pages = isLoopbackUrl(config.baseUrl) ? `${config.baseUrl}/dev/stripe` : config.sandboxUrl;
    log(`  Stripe sandbox:     ${pages}   (no real money)`);
  }
  if (firstAdmin === 'by_command')
    log('  There is no admin:  npx twofold first-admin prints a link that makes the first one');
  else if (firstAdmin !== null) {
    log(`  Become admin:       ${firstAdmin.link}`);
    log('                      once, within 24 hours; for a new link: npx twofold first-admin');
  }
  log('');
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => (running ??= work());
}

function exitWithError(error: unknown): void {
  if (error instanceof ConfigError || error instanceof WrongStripeAccountError) {
    console.error(error.message);
    process.exit(2);
  }
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    console.error(`${error.message}\nStop the process that uses this port, or choose another PORT.`);
    process.exit(1);
  }
  if (error instanceof NotMigratedError || error instanceof OlderDatabaseError) {
    console.error(error.message);
    process.exit(1);
  }
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exit(1);
}
