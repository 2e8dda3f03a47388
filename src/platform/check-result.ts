import type { Translate } from './i18n/translations.js';

/** All that is checked. Each has its name in the translations (`findings.checks`). */
export const checkNames = [
  'configuration',
  'secretKeys',
  'database',
  'databaseClock',
  'migrations',
  'jobs',
  'ssoKeys',
  'addresses',
  'mail',
  'events',
  'reconciliation',
  'stripe',
  'stripeKey',
  'stripeAccount',
  'stripeClock',
  'stripePrices',
  'stripeEndpoint',
  'stripeApiVersion',
  'stripeEventTypes',
  'stripeDeliveries',
] as const;

/** See {@link checkNames}. */
export type CheckName = (typeof checkNames)[number];

/** A message of the translations, to be worded later. */
export interface Phrase {
  key: string;
  values: Readonly<Record<string, string | number>>;
}

/**
 * What one check of the installation found. `finding` is a name in the translations (`findings`),
 * which `values` fill; it is stored, so a text with other placeholders needs another name.
 */
export interface CheckResult {
  check: CheckName;
  level: 'ok' | 'warning' | 'problem';
  finding: string;
  values: Readonly<Record<string, string | number | Phrase>>;
}

/** A result in one language. `advice`: what to do about it, empty when nothing is to be done. */
export interface WordedCheckResult extends Pick<CheckResult, 'level'> {
  check: string;
  seen: string;
  advice: string;
}

/** All is as it should be. */
export function ok(check: CheckName, finding: string, values: CheckResult['values'] = {}): CheckResult {
  return { check, level: 'ok', finding, values };
}

/** It works, but a person should check it. */
export function warning(check: CheckName, finding: string, values: CheckResult['values'] = {}): CheckResult {
  return { check, level: 'warning', finding, values };
}

/** Something does not work, or soon will not. */
export function problem(check: CheckName, finding: string, values: CheckResult['values'] = {}): CheckResult {
  return { check, level: 'problem', finding, values };
}

/** Says a result in the language of `t`. */
export function wordCheckResult(
  t: Translate,
  { check, level, finding, values }: CheckResult,
): WordedCheckResult {
  const worded = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'object' ? t(value.key, value.values) : value,
    ]),
  );
  return {
    check: t(`findings.checks.${check}`),
    level,
    seen: t(`findings.${finding}.seen`, worded),
    advice: level === 'ok' ? '' : t(`findings.${finding}.advice`, worded),
  };
}
