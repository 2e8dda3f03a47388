import { capturesEmail, usesSandbox, type Config } from '../../platform/config/config.js';
import { problem, ok, warning, type CheckResult } from '../../platform/check-result.js';

const check = 'configuration';
const placeholderPattern = /change.?me|placeholder|your[-_ ]|example|xxxx|\.\.\.|…|<.*>/i;
const minDistinctCharacters = 8;

/** What is usable but not right in the environment. Values are never repeated: many are secrets. */
export function checkConfiguration(config: Config): CheckResult[] {
  const findings = [...checkSecrets(config), ...checkStripeKeys(config), ...checkUrls(config)];
  const mode = config.production ? 'production' : usesSandbox(config) ? 'local mode' : 'development';
  return findings.length > 0 ? findings : [ok(check, `${mode} at ${config.baseUrl}`)];
}

function checkSecrets({ production, secretKeys }: Config): CheckResult[] {
  const isWeak = (key: string) => placeholderPattern.test(key) || new Set(key).size < minDistinctCharacters;
  if (!secretKeys.some(isWeak)) return [];
  const level = production ? problem : warning;
  return [level(check, 'SECRET_KEY looks like a placeholder', 'Create one: openssl rand -hex 32')];
}

function checkStripeKeys(config: Config): CheckResult[] {
  const { production, stripeSecretKey: key, stripeWebhookSecrets } = config;
  if (usesSandbox(config) || key === null) return [];
  const findings: CheckResult[] = [];
  if (!/^(sk|rk)_(test|live)_\w+$/.test(key) || placeholderPattern.test(key))
    findings.push(
      problem(
        check,
        `STRIPE_SECRET_KEY is not a secret key${key.startsWith('pk_') ? ', but a publishable key' : ''}`,
        'A secret key starts with sk_test_, sk_live_, rk_test_ or rk_live_.',
      ),
    );
  const isLive = /^(sk|rk)_live_/.test(key);
  if (isLive && !production)
    findings.push(
      problem(
        check,
        'a live Stripe key without NODE_ENV=production',
        'Set NODE_ENV=production, or use a test key.',
      ),
    );
  if (/^(sk|rk)_test_/.test(key) && production)
    findings.push(warning(check, 'a Stripe test key in production', 'No real money will arrive.'));
  if (stripeWebhookSecrets.some((secret) => !/^whsec_\S+$/.test(secret) || placeholderPattern.test(secret)))
    findings.push(
      problem(
        check,
        'STRIPE_WEBHOOK_SECRET is not a signing secret',
        'A signing secret starts with whsec_. You find it on the endpoint’s page in Stripe’s dashboard.',
      ),
    );
  return findings;
}

function checkUrls(config: Config): CheckResult[] {
  const { production, baseUrl, trustProxy, mailFrom } = config;
  const isLive = /^(sk|rk)_live_/.test(config.stripeSecretKey ?? '');
  const isHttps = baseUrl.startsWith('https:');
  const findings: CheckResult[] = [];
  if (!isHttps && (production || isLive)) {
    const level = isLive ? problem : warning;
    const seen = 'BASE_URL is not https: sign-in cookies and codes are sent unencrypted';
    findings.push(
      level(check, seen, 'Put a proxy with a certificate in front and set BASE_URL to its address.'),
    );
  }
  if (isHttps && trustProxy === null)
    findings.push(
      warning(
        check,
        'BASE_URL is https but TRUST_PROXY is unset',
        'Behind a proxy, all users share its address in the sign-in limits. Set TRUST_PROXY=1.',
      ),
    );
  if (!capturesEmail(config) && mailFrom.includes('@localhost'))
    findings.push(
      warning(check, 'MAIL_FROM is an address at localhost', 'Set it to an address that you can send from.'),
    );
  return findings;
}
