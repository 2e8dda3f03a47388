import { loadConfig, usesSandbox } from '../platform/config/config.js';

/**
 * The environment of a command that asks Stripe: in local mode it asks the sandbox of the application that runs beside
 * it, on the port after the application's. Errors: ConfigError.
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
