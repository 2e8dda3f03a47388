import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const modules = [
  'platform',
  'credit',
  'notifications',
  'referral',
  'auth',
  'billing',
  'accounts',
  'integrity',
  'outgoing-webhooks',
  'settings',
  'admin',
  'people',
  'mcp',
  'embed',
];
/** Integrity owns no table: it compares what others own. */
const tableOwners = modules.filter((module) => module !== 'integrity');
/** The schema of a module that is not named as the module is. */
const schemaOf: Record<string, string> = { 'outgoing-webhooks': 'webhooks' };
const schemas = modules.map((module) => schemaOf[module] ?? module);

/** A tree in which every import rule is broken once. */
const brokenTree: Record<string, string> = {
  'src/platform/bad.ts': `import '../credit/index.js';`,
  'src/credit/bad.ts': `import '../notifications/index.js';`,
  'src/notifications/bad.ts': `import '../credit/index.js';`,
  'src/referral/bad.ts': `import '../auth/index.js';`,
  'src/auth/bad.ts': `import '../billing/index.js';`,
  'src/auth/stripe.ts': `import 'stripe';`,
  'src/billing/bad.ts': `import '../settings/index.js';`,
  'src/accounts/bad.ts': `import '../integrity/index.js';`,
  'src/integrity/bad.ts': `import '../accounts/index.js';`,
  'src/outgoing-webhooks/bad.ts': `import '../settings/index.js';`,
  'src/settings/bad.ts': `import '../admin/index.js'; import '../credit/inside.js';`,
  'src/settings/barrel.ts': `import './index.js';`,
  'src/admin/bad.ts': `import '../settings/index.js';`,
  'src/people/bad.ts': `import '../main.js';`,
  'src/mcp/bad.ts': `import '../people/index.js';`,
  'src/embed/bad.ts': `import '../people/index.js';`,
  'src/sandbox/bad.ts': `import '../platform/index.js';`,
  'src/embedded-postgres/bad.ts': `import '../platform/index.js';`,
  'src/jsx/bad.ts': `import '../platform/index.js';`,
  'src/main.ts': `import './sandbox/index.js'; import './embedded-postgres/index.js';`,
  'src/billing/one.ts': `import './two.js';`,
  'src/billing/two.ts': `import './one.js';`,
  'src/credit/inside.ts': '',
  ...Object.fromEntries(
    [...modules, 'sandbox', 'embedded-postgres', 'jsx'].map((name) => [`src/${name}/index.ts`, 'export {};']),
  ),
};

describe('the import rules', () => {
  it('the import rules can each fail', () => {
    const tree = mkdtempSync(join(tmpdir(), 'twofold-layers-'));
    for (const [file, text] of Object.entries(brokenTree)) {
      mkdirSync(dirname(join(tree, file)), { recursive: true });
      writeFileSync(join(tree, file), text);
    }
    for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json'])
      cpSync(join(root, file), join(tree, file));
    symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
    const { stdout } = spawnSync(
      process.execPath,
      [
        'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
        '--config',
        '.dependency-cruiser.cjs',
        '--output-type',
        'json',
        'src',
      ],
      { cwd: tree, encoding: 'utf8' },
    );
    rmSync(tree, { recursive: true, force: true });
    const { summary } = JSON.parse(stdout) as {
      summary: { violations: { rule: { name: string } }[]; ruleSetUsed: { forbidden: { name: string }[] } };
    };
    const broken = new Set(summary.violations.map((violation) => violation.rule.name));
    expect([...broken].sort()).toEqual(summary.ruleSetUsed.forbidden.map((rule) => rule.name).sort());
  });
});

describe('a table has one owner', () => {
  it.each(tableOwners)('SQL in %s names no other module’s tables', (module) => {
    const foreign = sourcesOf(join(root, 'src', module)).flatMap((file) =>
      ownersIn(readFileSync(file, 'utf8'))
        .filter((owner) => owner !== (schemaOf[module] ?? module))
        .map((owner) => `${file}: ${owner}`),
    );
    expect(foreign).toEqual([]);
  });

  it('a table has one owner is a check that can fail', () => {
    expect(
      ownersIn(
        '`SELECT 1 FROM auth."user" u JOIN billing.account`; `INSERT INTO credit.entry`; `UPDATE notifications.captured_email`',
      ),
    ).toEqual(['auth', 'billing', 'credit', 'notifications']);
  });
});

function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
    .map((name) => join(folder, name));
}

/** The modules that own the tables which SQL names. */
function ownersIn(source: string): string[] {
  const named = source.matchAll(/\b(?:FROM|JOIN|INTO|UPDATE|ONLY|TABLE)\s+(\w+)\./g);
  return [...named].map(([, schema = '']) => schema).filter((owner) => schemas.includes(owner));
}
