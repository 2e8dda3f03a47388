import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig, usesSandbox, type Config } from './platform/config/config.js';
import { useEmbeddedPostgres } from './embedded-postgres/index.js';
import { Secrets } from './platform/security/secrets.js';

/** A configuration with nothing missing, and how to release what was started for it. */
export interface LocalEnvironment {
  config: Config & { databaseUrl: string };
  release: () => Promise<void>;
}

/**
 * Fills in what a new machine has not set: a database of its own, and a secret key, both kept in
 * DATA_DIR.
 * Idempotent, also in another process: the same database and key.
 */
export async function prepareLocalEnvironment(
  config: Config,
  log: (line: string) => void,
): Promise<LocalEnvironment> {
  const secretKeys =
    config.secretKeys.length > 0 ? config.secretKeys : [readOrCreateSecretKey(config.dataDir)];
  if (config.databaseUrl !== null)
    return {
      config: { ...config, secretKeys, databaseUrl: config.databaseUrl },
      release: () => Promise.resolve(),
    };
  const postgres = await useEmbeddedPostgres({ dataDir: config.dataDir, log: log });
  return { config: { ...config, secretKeys, databaseUrl: postgres.url }, release: () => postgres.release() };
}

/**
 * Starts the Stripe sandbox where no Stripe key is set, and points the configuration at it. The
 * sandbox is loaded only here, so it is never part of a process in production.
 */
export async function startSandboxIfLocal(
  environment: LocalEnvironment,
  port: number,
): Promise<LocalEnvironment> {
  const { config } = environment;
  if (!usesSandbox(config)) return environment;
  const webhookSecret = `whsec_${new Secrets(config.secretKeys).hash('sandbox', 'webhook').toString('hex')}`;
  const { startSandbox } = await import('./sandbox/index.js');
  const start = (onPort: number) =>
    startSandbox({
      databaseUrl: config.databaseUrl,
      host: config.host,
      port: onPort,
      webhookUrl: `${config.baseUrl}/webhooks/stripe`,
      webhookSecret,
    });
  // any port will do: its pages are reached through /dev/stripe
  const sandbox = await start(port).catch((error: { code?: string }) => {
    if (error.code === 'EADDRINUSE') return start(0);
    throw error;
  });
  return {
    config: {
      ...config,
      stripeSecretKey: 'sk_test_sandbox',
      stripeWebhookSecrets: [webhookSecret],
      stripeApiBase: sandbox.url,
      sandboxUrl: sandbox.url,
    },
    release: async () => {
      await sandbox.stop();
      await environment.release();
    },
  };
}

/**
 * The environment of a command that asks Stripe: in local mode it asks the sandbox of the
 * application that runs beside it, on the port after the application's. Errors: ConfigError.
 */
export function withLocalStripe(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const config = loadConfig(env);
  if (!usesSandbox(config)) return env;
  return {
    ...env,
    STRIPE_SECRET_KEY: 'sk_test_sandbox',
    STRIPE_WEBHOOK_SECRET: 'whsec_only_the_application_knows_it',
    STRIPE_API_BASE: env.STRIPE_API_BASE ?? `http://127.0.0.1:${config.port + 1}`,
  };
}

/**
 * A key made once; losing it signs everybody out. Two processes that start at once agree on the
 * first one written.
 */
function readOrCreateSecretKey(dataDir: string): string {
  const file = join(dataDir, 'secret-key');
  mkdirSync(dataDir, { recursive: true });
  if (!existsSync(file)) {
    try {
      writeFileSync(file, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return readFileSync(file, 'utf8').trim();
}
