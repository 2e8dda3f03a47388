import { checkConfiguration, checkKeys } from '../../admin/index.js';
import { checkEmailAddresses, checkSsoKeys } from '../../auth/index.js';
import { checkStripeAccount, checkInbox, checkStripe } from '../../billing/index.js';
import { prepareLocalEnvironment, withLocalStripe, type LocalEnvironment } from '../../local-environment.js';
import { checkMailServer } from '../../notifications/index.js';
import { SystemClock } from '../../platform/clock.js';
import { loadConfig, usesSandbox } from '../../platform/config/config.js';
import { checkDatabase } from '../../platform/database/check-database.js';
import { openDataSource } from '../../platform/database/data-source.js';
import { Database } from '../../platform/database/database.js';
import {
  problem,
  wordCheckResult,
  type CheckResult,
  type WordedCheckResult,
} from '../../platform/check-result.js';
import { fallbackLocale, getTranslator } from '../../platform/i18n/translations.js';
import { Secrets } from '../../platform/security/secrets.js';
import type { CommandReport } from '../command-context.js';

const levels = ['ok', 'warning', 'problem'] as const;

/**
 * Checks everything that Twofold depends on, and says what to do about problems. It changes nothing
 * at all.
 * Errors: ConfigError. Shape: a problem when a finding is one; warnings are not.
 */
export async function doctor(env: NodeJS.ProcessEnv): Promise<CommandReport> {
  const ownConfig = loadConfig(env);
  const config = loadConfig(withLocalStripe(env));
  const clock = new SystemClock();
  const now = () => clock.now();
  const found = await Promise.all([
    checkDatabaseSafely(env, now),
    checkStripe({ config, isSandbox: usesSandbox(ownConfig), now }),
    checkMailServer(ownConfig).then((one) => [one]),
    checkSsoKeys(ownConfig),
  ]);
  const t = getTranslator(fallbackLocale);
  const findings = [...checkConfiguration(ownConfig), ...found.flat()].map((one) => wordCheckResult(t, one));
  const count = (level: CheckResult['level']) => findings.filter((one) => one.level === level).length;
  const [okay, warnings, problems] = levels.map(count);
  return {
    json: { ok: problems === 0, findings },
    problem: problems !== 0,
    lines: [...findings.flatMap(resultLines), `${okay} ok, ${warnings} warnings, ${problems} problems.`],
  };
}

async function checkDatabaseSafely(env: NodeJS.ProcessEnv, now: () => Date): Promise<CheckResult[]> {
  try {
    const completed = await prepareLocalEnvironment(loadConfig(env), (line) =>
      process.stderr.write(`${line}\n`),
    );
    try {
      const { secretKeys, retiredSecretKeys } = completed.config;
      const keyIds = new Secrets(secretKeys, retiredSecretKeys).keyIds();
      return await checkDatabaseContents(completed.config, keyIds, now);
    } finally {
      await completed.release();
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message || error.name : String(error);
    return [problem('database', 'databaseUnreachable', { reason })];
  }
}

async function checkDatabaseContents(
  config: LocalEnvironment['config'],
  keyIds: string[],
  now: () => Date,
): Promise<CheckResult[]> {
  const dataSource = await openDataSource(config.databaseUrl, 2);
  try {
    const findings = await checkDatabase(dataSource, now);
    const isMigrated = findings.some(({ check, level }) => check === 'migrations' && level === 'ok');
    if (!isMigrated) return findings;
    const db = new Database(dataSource);
    return [
      ...findings,
      ...(await checkKeys(db, keyIds)),
      ...(await checkEmailAddresses(db)),
      ...(await checkInbox(db, now())),
      ...(usesSandbox(config) ? [] : await checkStripeAccount(db, config)),
    ];
  } finally {
    await dataSource.destroy();
  }
}

function resultLines({ check, level, seen, advice }: WordedCheckResult): string[] {
  const width = 'problem'.length;
  return [
    `${level.padEnd(width)}  ${check}: ${seen}`,
    ...(advice === '' ? [] : [`${' '.repeat(width)}  → ${advice}`]),
  ];
}
