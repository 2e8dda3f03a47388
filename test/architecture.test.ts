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
import { describe, expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '..');
const modules = ['platform', 'credit', 'mail', 'referral', 'auth', 'billing', 'life', 'settings', 'admin'];

/** A tree in which every rule of the house is broken once. */
const brokenTree: Record<string, string> = {
  'src/platform/bad.ts': `import '../credit/index.js';`,
  'src/credit/bad.ts': `import '../mail/index.js';`,
  'src/mail/bad.ts': `import '../credit/index.js';`,
  'src/referral/bad.ts': `import '../auth/index.js';`,
  'src/auth/bad.ts': `import '../billing/index.js';`,
  'src/auth/stripe.ts': `import 'stripe';`,
  'src/billing/bad.ts': `import '../settings/index.js';`,
  'src/life/bad.ts': `import '../settings/index.js';`,
  'src/settings/bad.ts': `import '../admin/index.js'; import '../credit/inside.js';`,
  'src/settings/barrel.ts': `import './index.js';`,
  'src/admin/bad.ts': `import '../settings/index.js';`,
  'src/sandbox/bad.ts': `import '../platform/index.js';`,
  'src/main.ts': `import './sandbox/index.js';`,
  'src/billing/one.ts': `import './two.js';`,
  'src/billing/two.ts': `import './one.js';`,
  'src/credit/inside.ts': '',
  ...Object.fromEntries([...modules, 'sandbox'].map((name) => [`src/${name}/index.ts`, 'export {};'])),
};

describe('the floors of the house', () => {
  it('are guarded by rules that each can fail', () => {
    const tree = mkdtempSync(join(tmpdir(), 'twofold-floors-'));
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
  it.each(modules)('SQL in %s names no other module’s schema', (module) => {
    const foreign = sourcesOf(join(root, 'src', module)).flatMap((file) =>
      schemasIn(readFileSync(file, 'utf8'))
        .filter((schema) => schema !== module)
        .map((schema) => `${file}: ${schema}`),
    );
    expect(foreign).toEqual([]);
  });

  it('is a check that can fail', () => {
    expect(
      schemasIn(
        '`SELECT 1 FROM auth."user" u JOIN billing.account`; `INSERT INTO credit.entry`; `UPDATE mail.letter`',
      ),
    ).toEqual(['auth', 'billing', 'credit', 'mail']);
  });
});

function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
    .map((name) => join(folder, name));
}

function schemasIn(source: string): string[] {
  const named = source.matchAll(/\b(?:FROM|JOIN|INTO|UPDATE|ONLY|TABLE)\s+(\w+)\./g);
  return [...named].map((match) => match[1] as string).filter((schema) => modules.includes(schema));
}
