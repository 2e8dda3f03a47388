import { checkAddresses } from '../../auth/index.js';
import { checkAccount, checkInbox, checkStripe } from '../../billing/index.js';
import { complete, type Completed } from '../../local-mode.js';
import { checkMail } from '../../mail/index.js';
import { SystemClock } from '../../platform/clock.js';
import { loadConfig, usesSandbox } from '../../platform/config.js';
import { openDataSource } from '../../platform/database/data-source.js';
import { Database } from '../../platform/database/database.js';
import { problem, type Diagnosis } from '../../platform/diagnosis.js';
import { Secrets } from '../../platform/secrets.js';
import type { Report } from '../report.js';
import { withStripe } from '../stripe/local-stripe.js';
import { checkConfiguration } from './check-configuration.js';
import { checkDatabase } from './check-database.js';
import { checkKeys } from './check-keys.js';

const levels = ['ok', 'warning', 'problem'] as const;

/**
 * Looks at everything that Twofold stands on, and says what to do where it is not right. It changes nothing at all.
 * Errors: ConfigError. Shape: a problem when a finding is one; warnings are not.
 */
export async function doctor(env: NodeJS.ProcessEnv): Promise<Report> {
  const asSet = loadConfig(env);
  const config = loadConfig(withStripe(env));
  const clock = new SystemClock();
  const now = () => clock.now();
  const found = await Promise.all([
    checkConfiguration(asSet),
    database(env, now),
    checkStripe({ config, isSandbox: usesSandbox(asSet), now }),
    checkMail(asSet).then((one) => [one]),
  ]);
  const findings = found.flat();
  const count = (level: Diagnosis['level']) => findings.filter((one) => one.level === level).length;
  const [okay, warnings, problems] = levels.map(count);
  return {
    json: { ok: problems === 0, findings },
    problem: problems !== 0,
    lines: [...findings.flatMap(lines), `${okay} in order, ${warnings} warnings, ${problems} problems.`],
  };
}

async function database(env: NodeJS.ProcessEnv, now: () => Date): Promise<Diagnosis[]> {
  try {
    const completed = await complete(loadConfig(env), (line) => process.stderr.write(`${line}\n`));
    try {
      const { secretKeys, retiredSecretKeys } = completed.config;
      const keyIds = new Secrets(secretKeys, retiredSecretKeys).keyIds();
      return await lookInto(completed.config, keyIds, now);
    } finally {
      await completed.release();
    }
  } catch (error) {
    const words = error instanceof Error ? error.message || error.name : String(error);
    return [problem('database', `it does not answer: ${words}`, 'Start it, or correct DATABASE_URL.')];
  }
}

async function lookInto(
  config: Completed['config'],
  keyIds: string[],
  now: () => Date,
): Promise<Diagnosis[]> {
  const dataSource = await openDataSource(config.databaseUrl, 2);
  try {
    const findings = await checkDatabase(dataSource, now);
    const isMigrated = findings.some(({ check, level }) => check === 'migrations' && level === 'ok');
    if (!isMigrated) return findings;
    const db = new Database(dataSource);
    return [
      ...findings,
      ...(await checkKeys(db, keyIds)),
      ...(await checkAddresses(db)),
      ...(await checkInbox(db, now())),
      ...(usesSandbox(config) ? [] : await checkAccount(db, config)),
    ];
  } finally {
    await dataSource.destroy();
  }
}

function lines({ check, level, seen, advice }: Diagnosis): string[] {
  const width = 'problem'.length;
  return [
    `${level.padEnd(width)}  ${check}: ${seen}`,
    ...(advice === '' ? [] : [`${' '.repeat(width)}  → ${advice}`]),
  ];
}
