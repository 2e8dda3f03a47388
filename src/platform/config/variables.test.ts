import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, it } from 'vitest';
import { loadConfig } from './config.js';
import { secretVariables } from './secret-files.js';
import { variableSections } from './variables.js';

const root = resolve(import.meta.dirname, '../../..');
const names = Object.values(variableSections).flatMap((section) => Object.keys(section));

/** `.env.example`: every variable with its meaning, commented out. */
function envExample(): string {
  const sections = Object.entries(variableSections).map(([title, variables]) => {
    const lines = Object.entries<{ example: string; about: string }>(variables).map(
      ([name, { example, about }]) => {
        const value = /[ #]/.test(example) ? `"${example}"` : example;
        return `# ${about}\n# ${name}=${value}\n`;
      },
    );
    return [`## ${title}\n`, ...lines].join('\n');
  });
  const intro =
    '# Copy to .env, and uncomment what you set: `npm run dev` reads it. Details: docs/configuration.md.\n' +
    '# Generated; after a change of src/platform/config/variables.ts run:\n' +
    '# npm run test:unit -- -u src/platform/config\n';
  return [intro, ...sections].join('\n');
}

it('.env.example holds every variable of the table', async () => {
  await expect(envExample()).toMatchFileSnapshot(resolve(root, '.env.example'));
});

it('the configuration guide explains every variable and no other', () => {
  const guide = readFileSync(resolve(root, 'docs/configuration.md'), 'utf8');
  const rows = [...guide.matchAll(/^\| (`[A-Z`, _]+`) +\|/gm)].map(([, cell = '']) => cell);
  const explained = rows.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name));
  const elsewhere = ['NODE_ENV', 'CLOCK_OFFSET_SECONDS'];
  expect(explained.sort()).toEqual(names.filter((name) => !elsewhere.includes(name)).sort());
});

it('a secret that may stand in a file is a variable of the table', () => {
  expect(secretVariables.filter((name) => !names.includes(name))).toEqual([]);
});

/** The variables whose example is their default. */
const withDefault = names.filter(
  (name) =>
    /^(PORT|HOST|BASE_URL|ROLE|SHUTDOWN_\w+|DATABASE_POOL_MAX|WEBHOOK_CONCURRENCY|DATA_DIR|KEEP_\w+|MAIL_FROM)$/.test(
      name,
    ) || /^(PROGRAMME|REFERRAL_\w+|CREDIT_\w+|SIGN_IN_\w+|FRESH_\w+|LOG_LEVEL|CLOCK_\w+)$/.test(name),
);

it('the defaults that .env.example shows are the defaults', () => {
  const shown = parseEnv(envExample().replaceAll(/^# (\w+=)/gm, '$1'));
  expect(withDefault).toHaveLength(17);
  const set = Object.fromEntries(withDefault.map((name) => [name, shown[name]]));
  expect(loadConfig(set)).toEqual(loadConfig({}));
});
