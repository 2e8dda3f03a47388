import { setUpWebhookEndpoint, type EndpointSetup } from '../billing/index.js';
import { loadConfig, usesSandbox } from '../platform/config/config.js';
import { UsageError, type CommandReport } from './command-context.js';

/**
 * Makes the webhook endpoint at Stripe, and prints its secret once. Needs no database, and no
 * STRIPE_WEBHOOK_SECRET yet. Errors: ConfigError; {@link UsageError} without a key; those of
 * {@link setUpWebhookEndpoint}.
 */
export async function setUpStripe(
  env: NodeJS.ProcessEnv,
  {
    dryRun = false,
    replace = false,
    enable = false,
  }: { dryRun?: boolean; replace?: boolean; enable?: boolean },
): Promise<CommandReport> {
  const hasSecret = [env.STRIPE_WEBHOOK_SECRET, env.STRIPE_WEBHOOK_SECRET_FILE].some(Boolean);
  const config = loadConfig(hasSecret ? env : { ...env, STRIPE_WEBHOOK_SECRET: 'made by this command' });
  if (usesSandbox(config))
    throw new UsageError('Set STRIPE_SECRET_KEY. The sandbox that replaces Stripe needs no endpoint.');
  const setup = await setUpWebhookEndpoint(config, { isDryRun: dryRun, replace, enable });
  return {
    json: { dryRun, ...setup },
    problem: setup.outcome === 'other_version' || setup.outcome === 'disabled',
    lines: dryRun ? ['Dry run: nothing was changed.', ...linesOf(setup)] : linesOf(setup),
  };
}

function linesOf({ outcome, url, id, apiVersion, addedTypes, secret }: EndpointSetup): string[] {
  const added = `${addedTypes.length} event types: ${addedTypes.join(', ')}`;
  switch (outcome) {
    case 'unchanged':
      return [`${id} sends to ${url}, with all event types that are used.`];
    case 'updated':
      return [`${id} sends to ${url}. Added ${added}`];
    case 'disabled':
      return [
        `${id} sends to ${url}, but it is disabled: Stripe sends it nothing.`,
        'Enable it with --enable, then fetch the missed events: npx twofold reconcile',
      ];
    case 'enabled':
      return [
        `${id} sends to ${url}, and is enabled again.${addedTypes.length > 0 ? ` Added ${added}` : ''}`,
        'Fetch the missed events: npx twofold reconcile',
      ];
    case 'other_version':
      return [
        `${id} sends to ${url} in API version ${apiVersion ?? 'of the account'}, which Stripe cannot change.`,
        'Create a second endpoint with --replace, list both secrets in STRIPE_WEBHOOK_SECRET, then delete this one at Stripe.',
      ];
    case 'created':
      return [
        `${id ?? 'A new endpoint'} sends to ${url} in API version ${apiVersion}, ${added}`,
        ...(secret === null
          ? []
          : ['Stripe shows its secret only now. Set it, and restart:', `STRIPE_WEBHOOK_SECRET=${secret}`]),
      ];
  }
}
