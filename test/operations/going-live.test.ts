import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { parse } from 'yaml';
import { loadConfig } from '../../src/platform/config/config.js';
import { secretVariables } from '../../src/platform/config/secret-files.js';
import { variableSections } from '../../src/platform/config/variables.js';
import { runTwofold } from '../cli/run-twofold.js';
import { createEmptyDatabase, createMigratedDatabase, type TestDatabase } from '../support/database.js';
import { FakeStripe } from '../support/fake-stripe.js';
import { StripeEndpoints } from '../support/stripe-endpoints.js';
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

  it('installs the Node that the application needs, before anything uses it', () => {
    const commands = blocks('sh').join('\n');
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
    const wanted = /\d+/.exec(engines.node)?.[0];
    expect(/node_(\d+)\.x/.exec(commands)?.[1]).toBe(wanted);
    expect(read('.nvmrc').trim()).toBe(wanted);
    expect(commands.indexOf('install --yes nodejs')).toBeLessThan(commands.indexOf('npm ci'));
    const installed =
      commands
        .match(/apt-get install --yes .*/g)
        ?.join(' ')
        .split(' ') ?? [];
    expect(installed).toEqual(
      expect.arrayContaining(['git', 'curl', 'openssl', 'postgresql', 'nginx', 'caddy']),
    );
    for (const path of commands.match(/deploy\/\S+/g) ?? [])
      expect([path, existsSync(new URL(`../../${path}`, import.meta.url))]).toEqual([path, true]);
  });

  it('has blocks of commands that a shell can read', () => {
    for (const block of blocks('sh')) {
      const commands = block.replaceAll(/<[^>\n]+>/g, 'x').replaceAll('…', 'x');
      expect(() => execFileSync('sh', ['-n', '-c', commands])).not.toThrow();
    }
  });
});

describe('the commands of the page', () => {
  const stripe = new StripeEndpoints(documentedEnvironment()['BASE_URL'] ?? '');
  let database: TestDatabase;
  let environment: Record<string, string>;
  beforeAll(async () => {
    database = await createEmptyDatabase();
    environment = {
      ...{ ...documentedEnvironment(), DATABASE_URL: database.url, STRIPE_API_BASE: await stripe.open() },
      SMTP_URL: 'smtp://127.0.0.1:1',
    };
  });
  afterAll(async () => {
    stripe.close();
    await database.drop();
  });

  const run = async (command: string, more: Record<string, string> = {}) => {
    const result = await runTwofold({ ...environment, ...more }, ...command.split(' '));
    return { ...result, command, said: result.stdout + result.stderr };
  };
  const query = async (sql: string) => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(sql);
    await client.end();
    return rows;
  };

  /** What each does on the server of the page, in the order of the page. */
  const commands: Record<string, () => Promise<void>> = {
    migrate: async () => {
      expect(await run('migrate')).toMatchObject({ exitCode: 0 });
      expect(await query('SELECT FROM public.schema_file')).not.toEqual([]);
    },
    'first-admin': async () => {
      const { exitCode, said } = await run('first-admin', { ADMIN_EMAILS: '' });
      expect([exitCode, said]).toEqual([
        0,
        expect.stringMatching(/https:\/\/refer\.example\.com\/staff-invitation\?token=\S+/),
      ]);
    },
    'stripe setup': async () => {
      const { exitCode, said } = await run('stripe setup');
      expect([exitCode, said]).toEqual([0, expect.stringContaining('STRIPE_WEBHOOK_SECRET')]);
      expect(stripe.endpoints).toMatchObject([
        { url: 'https://refer.example.com/webhooks/stripe', status: 'enabled' },
      ]);
    },
    doctor: async () => {
      const { exitCode, said } = await run('doctor');
      expect([exitCode, said]).toEqual([1, expect.stringMatching(/mail/i)]);
      expect(said).toMatch(/database/i);
    },
    'doctor --json': async () => {
      const { findings } = JSON.parse((await run('doctor --json')).stdout) as {
        findings: { check: string; level: string }[];
      };
      const bad = findings.filter(({ level }) => level === 'problem').map(({ check }) => check);
      expect(bad).toEqual(['mail']);
    },
    'explain you@example.com': async () => {
      const unknown = await run('explain you@example.com');
      expect([unknown.exitCode === 0, unknown.said.trim() === '']).toEqual([false, false]);
      await query(
        `INSERT INTO auth."user" (id, email, created_at) VALUES (gen_random_uuid(), 'you@example.com', now())`,
      );
      const known = await run('explain you@example.com');
      expect([known.exitCode, known.said]).toEqual([0, expect.stringContaining('you@example.com')]);
    },
  };

  it('are all run here', () => {
    const named = [...page.matchAll(/npx twofold ([^`\n]+)/g)].map(([, command = '']) => command.trim());
    expect([...new Set(named)].toSorted()).toEqual(Object.keys(commands).toSorted());
  });

  it.each(Object.keys(commands))('npx twofold %s', (command) => commands[command]?.());
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

  it('has the pages that the page says to open', async () => {
    const paths = [...page.matchAll(/`(?:BASE_URL)?(\/(?:admin|settings|login)[\w/-]*)`/g)].map(
      ([, path = '']) => path,
    );
    expect(paths.length).toBeGreaterThan(3);
    for (const path of paths) {
      const { status } = await fetch(`${app.url}${path}`, {
        redirect: 'manual',
        headers: { accept: 'text/html' },
      });
      expect([path, status]).not.toEqual([path, 404]);
    }
  });

  it('starts as the unit of systemd starts it', () => {
    const unit = read('deploy/twofold@.service');
    const [, home] = /^WorkingDirectory=(.*)$/m.exec(unit) ?? [];
    expect(page).toContain(`git clone <this repository> ${home}\n`);
    for (const [, file = ''] of unit.matchAll(/^EnvironmentFile=-?(.*)$/gm))
      expect(page).toContain(file.replace('%i', 'worker'));
    expect(page).toContain(`sudo useradd --system --home ${home} ${/^User=(.*)$/m.exec(unit)?.[1]}\n`);
    const [, program, words] = /^ExecStart=\/opt\/twofold\/(\S+) (.*)$/m.exec(unit) ?? [];
    expect(words).toBe('--max-semi-space-size=8 dist/main.js');
    const version = execFileSync(new URL(`../../${program}`, import.meta.url).pathname, ['--version']);
    expect(version.toString()).toMatch(/^v(2[4-9]|[3-9]\d)\./);
  });
});

describe('the proxies of the page', () => {
  /** The longest body that a route takes, in bytes. */
  const longestBody = Math.max(
    ...readdirSync(new URL('../../src', import.meta.url), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.controller.ts'))
      .flatMap((path) => [...read(`src/${path}`).matchAll(/@RawBody\(([\d_]+)/g)])
      .map(([, bytes = '']) => Number(bytes.replaceAll('_', ''))),
  );
  const megabytes = (text: string | undefined) => Number(/^(\d+)M?B?$/i.exec(text ?? '')?.[1]) * 1_000_000;
  const nginx = read('deploy/nginx.conf');
  const caddy = read('deploy/Caddyfile');
  const port = loadConfig(documentedEnvironment()).port;

  it('lead to the port of the web process, and take every body that it takes', () => {
    expect(longestBody).toBeGreaterThan(1_000_000);
    expect(/server 127\.0\.0\.1:(\d+);/.exec(nginx)?.[1]).toBe(String(port));
    expect(/reverse_proxy 127\.0\.0\.1:(\d+) /.exec(caddy)?.[1]).toBe(String(port));
    expect(megabytes(/client_max_body_size (\w+);/.exec(nginx)?.[1])).toBeGreaterThan(longestBody);
    expect(megabytes(/max_size (\w+)/.exec(caddy)?.[1])).toBeGreaterThan(longestBody);
    // the worker on the same machine has another one
    expect(/PORT=(\d+) \|/.exec(page)?.[1]).not.toBe(String(port));
  });

  it('hide metrics, stream what is streamed, and ask the address of health that there is', () => {
    expect(nginx).toMatch(/location \/metrics \{\s*return 404;/);
    expect(caddy).toMatch(/^\trespond \/metrics 404$/m);
    expect(nginx).toContain('proxy_buffering off;');
    expect(caddy).toMatch(/flush_interval -1/);
    expect(caddy).toMatch(/health_uri \/health\/ready/);
  });

  it('are for the domain of the page, with all braces closed', () => {
    const domain = new URL(documentedEnvironment()['BASE_URL'] ?? '').hostname;
    expect(nginx.match(/server_name \S+;/g)).toEqual([`server_name ${domain};`, `server_name ${domain};`]);
    expect(/^(\S+) \{$/m.exec(caddy)?.[1]).toBe(domain);
    for (const file of [nginx, caddy]) expect(file.match(/\{/g)?.length).toBe(file.match(/\}/g)?.length);
  });
});

describe('docker compose', () => {
  interface Compose {
    services: Record<
      string,
      {
        environment?: Record<string, string>;
        env_file?: { path: string }[];
        ports?: string[];
        volumes?: string[];
      }
    >;
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

  it('has the port and the logo of the page, read-only', () => {
    const { web, worker, migrate } = compose.services;
    expect(web?.ports).toEqual(['127.0.0.1:3000:3000']);
    expect(web?.environment?.['PORT']).toBe(3000);
    const logo = /BRAND_LOGO=(\S+?)`/.exec(page)?.[1] ?? '';
    for (const service of [web, worker, migrate]) {
      const [source, target, mode] = service?.volumes?.[0]?.split(':') ?? [];
      expect([source, mode, dirname(logo)]).toEqual(['../brand', 'ro', target]);
    }
  });

  it('catches emails only in a trial', () => {
    expect(read('docker/compose.yaml')).not.toMatch(/SMTP_URL|mailpit/);
    expect(Object.keys(trial.services)).toEqual(['migrate', 'web', 'worker', 'mail']);
    for (const name of ['migrate', 'web', 'worker'])
      expect(trial.services[name]?.environment?.['SMTP_URL']).toBe('smtp://mail:1025');
  });
});
