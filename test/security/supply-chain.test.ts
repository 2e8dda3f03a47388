import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

interface LockedPackage {
  version: string;
  integrity?: string;
  license?: string;
  dev?: boolean;
  link?: boolean;
  hasInstallScript?: boolean;
}
const manifest = JSON.parse(read('package.json')) as { allowScripts: Record<string, boolean> };
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, LockedPackage> };
const lockedPackages = Object.entries(packages)
  .filter(([path]) => path !== '')
  .map(([path, one]) => ({ name: path.replace(/^.*node_modules\//, ''), ...one }));

describe('dependencies', () => {
  it('dependencies are locked by what they are, each and every one', () => {
    expect(lockedPackages.length).toBeGreaterThan(200);
    for (const { name, version, integrity } of lockedPackages)
      expect([name, version, integrity]).toEqual([
        name,
        expect.any(String),
        expect.stringMatching(/^sha512-/),
      ]);
  });

  it('dependencies that go into production are under licences that let anybody run, change and hand on the whole', () => {
    const open = [
      'MIT',
      'ISC',
      'BSD-2-Clause',
      'BSD-3-Clause',
      'Apache-2.0',
      '0BSD',
      'BlueOak-1.0.0',
      'CC0-1.0',
      'MIT-0',
      'Python-2.0',
      'Unlicense',
      'PostgreSQL',
      'CC-BY-4.0',
      'MPL-2.0',
      'OFL-1.1',
      '(MIT OR CC0-1.0)',
    ];
    for (const { name, license, dev } of lockedPackages)
      if (dev !== true)
        expect([name, open.includes(license ?? 'none'), license]).toEqual([name, true, license]);
  });

  it('dependencies that want to run a script when they are installed are each decided upon', () => {
    for (const { name, hasInstallScript } of lockedPackages)
      if (hasInstallScript === true)
        expect([name, typeof manifest.allowScripts[name]]).toEqual([name, 'boolean']);
  });

  it('the image is built without scripts, and without what only developers need', () => {
    const installs = read('docker/Dockerfile').match(/npm ci.*/g) ?? [];
    expect(installs.length).toBeGreaterThan(0);
    for (const line of installs) expect(line).toContain('--ignore-scripts');
    expect(installs.some((line) => line.includes('--omit=dev'))).toBe(true);
  });
});

/**
 * Where a source file can speak to another machine, or run a program; anything new is to be
 * checked, then listed.
 */
const networkUsers: Record<string, string> = {
  'src/billing/': 'Stripe, at its own address or STRIPE_API_BASE',
  'src/auth/sso/': 'the keys of another product, at SSO_JWKS_URL',
  'src/notifications/': 'the SMTP server of SMTP_URL',
  'src/outgoing-webhooks/deliveries/':
    'receivers of webhooks, at public addresses or those of WEBHOOK_ALLOW_NETWORKS (address-guard.test.ts)',
  'src/embed/widget/': 'in a browser: Twofold, and the token route of the page’s own site',
  'src/cli/demo/': 'the process that the demo itself has started, on loopback',
  'src/sandbox/': 'the stand-in for Stripe, never loaded in production',
  'src/embedded-postgres/': 'programs of the embedded PostgreSQL, with fixed names',
};

describe('our own code', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
    .map((file) => ({ path: `src/${file}`, text: read(`src/${file}`) }));
  const reachesOut =
    /\bfetch\(|from 'node:(https?|http2|net|tls|dgram|dns(\/promises)?|child_process)'|from '(nodemailer|stripe|undici|axios|got|jose)'/;

  it('our own code reaches other machines and programs only where that is its task, so no address that a user gave is fetched but those of checked webhook receivers', () => {
    const harmless =
      /import type [^;]*from '(stripe|node:https?|node:net)'|import \{ (BlockList, isIPv4, isIPv6|isIP) \} from 'node:net'|import \{ (type Server, )?STATUS_CODES \} from 'node:http'/g;
    const found = files.filter(({ text }) => reachesOut.test(text.replaceAll(harmless, '')));
    expect(found.length).toBeGreaterThan(3);
    for (const { path } of found)
      expect([path, Object.keys(networkUsers).some((place) => path.startsWith(place))]).toEqual([path, true]);
  });

  it('our own code makes no code out of text, and no markup out of strings but those that the renderer wrote', () => {
    const rendered = '<select id={id} name={name} dangerouslySetInnerHTML={{ __html: markup }} />';
    const form = files.find(({ path }) => path === 'src/platform/ui/form.tsx');
    // of PrerenderedOptions
    expect(form?.text).toContain('const markup = isLong ? options.toHtml(value) : null;');
    const renderer = 'src/jsx/jsx-runtime.ts';
    for (const { path, text } of files.filter((file) => file.path !== renderer))
      expect([path, path === form?.path ? text.replace(rendered, '') : text]).toEqual([
        path,
        expect.not.stringMatching(/\beval\(|new Function\(|dangerouslySetInnerHTML|\.innerHTML\b|vm\.run/),
      ]);
  });

  it('our own code takes secrets that no one may guess from the cryptographic source only', () => {
    const allowed = /jitter|pause|Pause|backoff/;
    for (const { path, text } of files)
      for (const line of text.split('\n'))
        if (line.includes('Math.random()') && !path.startsWith('src/sandbox/'))
          expect([path, line]).toEqual([path, expect.stringMatching(allowed)]);
  });
});
