import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { parse } from 'yaml';
import { loadConfig } from '../../src/platform/config/config.js';
import { secretVariables } from '../../src/platform/config/secret-files.js';
import { variableSections } from '../../src/platform/config/variables.js';
import { runTwofold } from '../cli/run-twofold.js';
import { createMigratedDatabase, type TestDatabase } from '../support/database.js';
import { FakeStripe } from '../support/fake-stripe.js';
import { until } from '../support/until.js';
import { startProcess, type AppProcess } from '../support/process.js';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/going-live.md');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(([, block]) => block ?? '');

/** The environment of the page, as a shell reads it. */
function documentedEnvironment(): Record<string, string> {
  const lines = execFileSync('sh', ['-c', `set -a && ${blocks('ini')[0] ?? ''}\nenv -0`], { env: {} });
  const pairs = lines
    .toString('utf8')
    .split('\0')
    .filter((line) => /^[A-Z_]+=/.test(line) && !/^(PWD|SHLVL|OLDPWD|_)=/.test(line))
    .map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  return Object.fromEntries(pairs);
}

describe('the page about going live', () => {
  it('has an environment of variables that there are, which production takes', () => {
    const environment = documentedEnvironment();
    const known = Object.values(variableSections).flatMap((section) => Object.keys(section));
    const config = loadConfig(environment);
    expect(config).toMatchObject({ production: true, mailFrom: 'Example <hello@example.com>' });
    expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('names commands that there are', async () => {
    const commands = new Set(
      blocks('sh')
        .join('\n')
        .split('\n')
        .flatMap((line) => /^npx twofold ([a-z -]+?)(?: --.*| \S+@.*)?$/.exec(line)?.[1]?.trim() ?? []),
    );
    expect([...commands].sort()).toEqual(['doctor', 'migrate', 'stripe setup']);
    for (const command of commands) {
      const { exitCode, stdout } = await runTwofold({}, ...command.split(' '), '--help');
      expect([command, exitCode]).toEqual([command, 0]);
      expect(stdout).toContain(`Usage: twofold ${command}`);
    }
  });
});

describe('production behind the proxy of the page', () => {
  const stripe = new FakeStripe();
  let app: AppProcess;
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createMigratedDatabase();
    app = await startProcess({
      ...documentedEnvironment(),
      ADMIN_EMAILS: '',
      DATABASE_URL: database.url,
      STRIPE_API_BASE: await stripe.open(),
    });
  });
  afterAll(async () => {
    await app.kill();
    await stripe.close();
    await database.drop();
  });

  /** What nginx adds to a request of a person at `203.0.113.7`. */
  const nginxHeaders = Object.fromEntries(
    [...read('deploy/nginx.conf').matchAll(/^\s*proxy_set_header (\S+) ([^;]+);/gm)].map(
      ([, name = '', value = '']) => [
        name.toLowerCase(),
        value
          .replace('$host', 'refer.example.com')
          .replace('$remote_addr', '203.0.113.7')
          .replace('$scheme', 'https')
          .replace('""', ''),
      ],
    ),
  );

  it('prints the command that makes the first admin, and no link: what it prints is kept', async () => {
    await until(() => app.output().includes('first-admin'));
    expect(app.output()).toMatch(/npx twofold first-admin prints a link/);
    expect(app.output()).not.toContain('/staff-invitation');
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    expect((await client.query('SELECT FROM auth.staff_invitation')).rowCount).toBe(0);
    await client.end();
  });

  it('serves https: strict transport, secure cookies, and forms of its own origin alone', async () => {
    expect(nginxHeaders).toMatchObject({ 'x-forwarded-proto': 'https', host: 'refer.example.com' });
    const { connection: _, ...headers } = nginxHeaders;
    const home = await fetch(`${app.url}/?ref=ABCDEFGH`, { headers });
    expect(home.status).toBe(200);
    expect(home.headers.get('strict-transport-security')).toContain('max-age=');
    const signIn = (origin: string) =>
      fetch(`${app.url}/api/v1/auth/challenges`, {
        method: 'POST',
        headers: { ...headers, origin, 'content-type': 'application/json' },
        body: JSON.stringify({ email: 'you@example.com' }),
      });
    expect((await signIn('https://refer.example.com')).status).toBe(202);
    expect((await fetch(`${app.url}/dev/mail`, { headers })).status).toBe(404);
  });

  it('starts as the unit of systemd starts it', () => {
    const unit = read('deploy/twofold@.service');
    const [, program, words] = /^ExecStart=\/opt\/twofold\/(\S+) (.*)$/m.exec(unit) ?? [];
    expect(words).toBe('--max-semi-space-size=8 dist/main.js');
    const version = execFileSync(new URL(`../../${program}`, import.meta.url).pathname, ['--version']);
    expect(version.toString()).toMatch(/^v(2[4-9]|[3-9]\d)\./);
  });
});

describe('docker compose', () => {
  interface Compose {
    services: Record<string, { environment?: Record<string, string>; env_file?: { path: string }[] }>;
  }
  const compose = parse(read('docker/compose.yaml'), { merge: true }) as Compose;
  const trial = parse(read('docker/compose.trial.yaml'), { merge: true }) as Compose;

  it.each(['migrate', 'web', 'worker'])('hands every variable of .env to %s, and no password', (name) => {
    const { env_file: files, environment = {} } = compose.services[name] ?? {};
    expect(files).toEqual([{ path: '../.env', required: false }]);
    const set = Object.keys(environment).map((key) => key.replace(/_FILE$/, ''));
    const own = ['DATABASE_URL', 'HOST', 'PORT', 'ROLE', 'POSTGRES_PASSWORD', 'APP_PASSWORD'];
    expect(
      set.filter((key) => !own.includes(key) && !secretVariables.some((secret) => secret === key)),
    ).toEqual([]);
    expect([environment['POSTGRES_PASSWORD'], environment['APP_PASSWORD']]).toEqual(['', '']);
    for (const key of Object.keys(environment).filter((one) => one.endsWith('_FILE')))
      expect([key, environment[key.replace(/_FILE$/, '')]]).toEqual([key, '']);
  });

  it('catches emails only in a trial', () => {
    expect(read('docker/compose.yaml')).not.toMatch(/SMTP_URL|mailpit/);
    expect(Object.keys(trial.services)).toEqual(['migrate', 'web', 'worker', 'mail']);
    for (const name of ['migrate', 'web', 'worker'])
      expect(trial.services[name]?.environment?.['SMTP_URL']).toBe('smtp://mail:1025');
  });
});
