import { capturesEmail, usesSandbox, type Config } from '../../platform/config/config.js';
import { problem, ok, warning, type CheckResult } from '../../platform/check-result.js';

const check = 'configuration';
const placeholderPattern = /change.?me|placeholder|your[-_ ]|example|xxxx|\.\.\.|…|<.*>/i;
const minDistinctCharacters = 8;

/** What is usable but not right in the environment. Values are never repeated: many are secrets. */
export function checkConfiguration(config: Config): CheckResult[] {
  const findings = [...checkSecrets(config), ...checkStripeKeys(config), ...checkUrls(config)];
  const mode = config.production ? 'production' : usesSandbox(config) ? 'local' : 'development';
  return findings.length > 0 ? findings : [ok(check, 'configured', { mode, url: config.baseUrl })];
}

function checkSecrets({ production, secretKeys }: Config): CheckResult[] {
  const isWeak = (key: string) => placeholderPattern.test(key) || new Set(key).size < minDistinctCharacters;
  if (!secretKeys.some(isWeak)) return [];
  const level = production ? problem : warning;
  return [level(check, 'placeholderSecretKey')];
}

function checkStripeKeys(config: Config): CheckResult[] {
  const { production, stripeSecretKey: key, stripeWebhookSecrets } = config;
  if (usesSandbox(config) || key === null) return [];
  const findings: CheckResult[] = [];
  if (!/^(sk|rk)_(test|live)_\w+$/.test(key) || placeholderPattern.test(key))
    findings.push(problem(check, key.startsWith('pk_') ? 'publishableStripeKey' : 'malformedStripeKey'));
  const isLive = /^(sk|rk)_live_/.test(key);
  if (isLive && !production) findings.push(problem(check, 'liveStripeKey'));
  if (/^(sk|rk)_test_/.test(key) && production) findings.push(warning(check, 'testStripeKey'));
  if (stripeWebhookSecrets.some((secret) => !/^whsec_\S+$/.test(secret) || placeholderPattern.test(secret)))
    findings.push(problem(check, 'malformedWebhookSecret'));
  return findings;
}

function checkUrls(config: Config): CheckResult[] {
  const { production, baseUrl, trustProxy, mailFrom } = config;
  const isLive = /^(sk|rk)_live_/.test(config.stripeSecretKey ?? '');
  const isHttps = baseUrl.startsWith('https:');
  const findings: CheckResult[] = [];
  if (!isHttps && (production || isLive)) {
    const level = isLive ? problem : warning;
    findings.push(level(check, 'unencryptedBaseUrl'));
  }
  if (isHttps && trustProxy === null) findings.push(warning(check, 'untrustedProxy'));
  if (!capturesEmail(config) && mailFrom.includes('@localhost'))
    findings.push(warning(check, 'localMailFrom'));
  return findings;
}
