import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ConfigError, loadConfig } from './config.js';
import { secretVariables } from './secret-files.js';

const folder = mkdtempSync(join(tmpdir(), 'twofold-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, `secret-${Math.random().toString(36).slice(2)}`);
  writeFileSync(path, text);
  return path;
}

function problemsOf(env: NodeJS.ProcessEnv): string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const [one, two] = ['1'.repeat(32), '2'.repeat(32)];

it('a secret may stand in a file, with the line break that editors leave', () => {
  const config = loadConfig({
    DATABASE_URL_FILE: file('postgres://a:b@db/x\n'),
    SECRET_KEY_FILE: file(`${one}\n${two}\r\n`),
    STRIPE_SECRET_KEY_FILE: file('  sk_test_1\n'),
    STRIPE_WEBHOOK_SECRET_FILE: file('whsec_1,whsec_2\n'),
    SMTP_URL_FILE: file('smtp://u:p@mail:587'),
  });
  expect(config).toMatchObject({
    databaseUrl: 'postgres://a:b@db/x',
    secretKeys: [one, two],
    stripeSecretKey: 'sk_test_1',
    stripeWebhookSecrets: ['whsec_1', 'whsec_2'],
    smtpUrl: 'smtp://u:p@mail:587',
  });
});

it.each(secretVariables)('%s is not read twice', (name) => {
  const problems = problemsOf({ [name]: 'postgres://hunter2', [`${name}_FILE`]: file('postgres://hunter3') });
  expect(problems).toEqual(expect.arrayContaining([expect.stringContaining(`${name}: set twice`)]));
  expect(problems.join()).not.toMatch(/hunter/);
});

it.each(secretVariables)('%s in a file that is missing or empty is reported, and no value is', (name) => {
  expect(problemsOf({ [`${name}_FILE`]: join(folder, 'nowhere') })).toEqual([
    expect.stringMatching(new RegExp(`^${name}_FILE: .*nowhere cannot be read \\(ENOENT\\)`)),
  ]);
  expect(problemsOf({ [`${name}_FILE`]: file('\n') })).toContainEqual(expect.stringContaining('is empty'));
});

it('a bad value in a file is refused without being repeated', () => {
  const problems = problemsOf({
    DATABASE_URL_FILE: file('mysql://root:hunter2@db'),
    SECRET_KEY_FILE: file('hunter2'),
  });
  expect(problems).toHaveLength(2);
  expect(problems.join()).not.toContain('hunter2');
});

it('a key is either in use or retired', () => {
  expect(problemsOf({ SECRET_KEY: one, SECRET_KEY_RETIRED: one })).toEqual([
    expect.stringMatching(/^SECRET_KEY_RETIRED/),
  ]);
});
