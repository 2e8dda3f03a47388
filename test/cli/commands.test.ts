import { addAuthenticatorApp, submitForm } from '../support/authenticator-app.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { version } from '../../src/platform/version.js';
import { createEmptyDatabase } from '../support/database.js';
import { createCliWorld, type CliWorld } from './cli-world.js';
import { runTwofold, runTwofoldProcess } from './run-twofold.js';

let cli: CliWorld;
beforeAll(async () => {
  cli = await createCliWorld();
});
afterAll(() => cli.close());

describe('the command line', () => {
  it('the command line lists its commands, and takes --json in each of them', async () => {
    const { exitCode, stdout } = await cli.run('--help');
    expect(exitCode).toBe(0);
    const commands = ['migrate', 'serve', 'worker', 'grant-credit', 'revoke-credit', 'make-admin'];
    for (const command of [...commands, 'users', 'explain', 'verify', 'rebuild', 'demo'])
      expect(stdout).toContain(command);
    for (const command of [...commands, 'users import', 'users export', 'explain', 'verify', 'demo'])
      expect((await cli.run(...command.split(' '), '--help')).stdout).toContain('--json');
  });

  it('the command line says which release it is', async () => {
    expect(await runTwofoldProcess({}, '--version')).toMatchObject({ exitCode: 0, stdout: `${version}\n` });
  });

  it.each([
    ['no command', []],
    ['an unknown command', ['dance']],
    ['an unknown option', ['verify', '--loudly']],
    ['a missing argument', ['explain']],
  ])('the command line ends with 2 for %s', async (_what, words) => {
    expect((await runTwofoldProcess({}, ...words)).exitCode).toBe(2);
  });

  it.each([
    ['its help', ['--help'], {}],
    ['the help of a command', ['terms', 'publish', '--help'], {}],
    ['a wrong command', ['dance'], {}],
    ['a wrong argument', ['grant-credit', 'anna@example.org', 'many', '--reason', 'x'], {}],
    ['a wrong environment', ['verify'], { PORT: 'many' }],
  ])('the command line loads no framework for %s', async (_what, words, environment) => {
    const loaded = await loadedPackages({ ...environment }, words);
    expect(loaded).toContain('commander');
    for (const name of [...serverPackages, '@nestjs/common', 'typeorm']) expect(loaded).not.toContain(name);
  });

  it.each([[['migrate']], [['users', 'export']], [['database', 'grant', '--print']]])(
    'the command line loads no server for %s, which needs only the database',
    async (words) => {
      const environment = { DATABASE_URL: cli.config.databaseUrl ?? '' };
      const loaded = await loadedPackages(environment, words);
      expect(loaded).toContain('typeorm');
      for (const name of serverPackages) expect(loaded).not.toContain(name);
    },
  );

  it('the application loads the MCP server only when it is asked for', async () => {
    const environment = {
      DATABASE_URL: cli.config.databaseUrl ?? '',
      SECRET_KEY: cli.config.secretKeys.join(','),
    };
    const loaded = await loadedPackages(environment, ['keys', 'list']);
    expect(loaded).toContain('fastify');
    for (const name of mcpPackages) expect(loaded).not.toContain(name);
    // its input has ended before it begins
    const served = await loadedPackages(environment, ['mcp']);
    for (const name of mcpPackages) expect(served).toContain(name);
  });

  it('the command line ends with 2 where the environment is wrong, and names the variable', async () => {
    const answer = await runTwofold(
      { PORT: 'many', DATABASE_URL: 'mysql://u:secret-word@db' },
      'verify',
      '--json',
    );
    expect(answer.exitCode).toBe(2);
    expect(answer.stdout).toContain('PORT');
    expect(answer.stdout).toContain('DATABASE_URL');
    expect(answer.stdout + answer.stderr).not.toContain('secret-word');
  });

  it('the command line migrates an empty database, and has nothing to do the second time', async () => {
    const own = await createEmptyDatabase();
    const environment = { DATABASE_URL: own.url, SECRET_KEY: cli.config.secretKeys.join(',') };
    const first = await runTwofold(environment, 'migrate', '--json');
    const second = await runTwofold(environment, 'migrate', '--json');
    await own.drop();
    expect((JSON.parse(first.stdout) as { migrations: string[] }).migrations).toContain('0001_auth.sql');
    expect(JSON.parse(second.stdout)).toEqual({ migrations: [] });
  });

  it('the command line makes an admin of a person who has signed in, and says what to do for a person who has not', async () => {
    const { given, see, run, runJson } = cli;
    const anna = await given.user();
    const command = ['make-admin', ` ${anna.email.toUpperCase()}`] as const;
    expect((await runJson(...command)).json).toMatchObject({ userId: anna.id, role: 'admin', changed: true });
    expect((await runJson(...command)).json).toMatchObject({ role: 'admin', changed: false });
    const audited = `platform.audit WHERE subject_id = $1 AND action = 'auth.role_changed' AND actor_kind = 'operator'`;
    expect(await see.count(audited, [anna.id])).toBe(1);
    const nobody = await run('make-admin', 'nobody@example.org');
    expect(nobody.exitCode).toBe(1);
    expect(nobody.stderr).toContain('ADMIN_EMAILS');
  });

  it('the command line prints a link that makes the first admin, and none once there is an admin', async () => {
    const { given, sql, run, runJson } = cli;
    await sql.query(`UPDATE auth."user" SET role = 'user' WHERE role = 'admin'`);
    const { json } = await runJson<{ url: string }>('first-admin');
    expect(json.url).toMatch(/\/staff-invitation\?token=[\w-]{43}$/);
    const admin = await given.user();
    const accepted = await submitForm(cli, admin.token, '/staff-invitation', {
      token: json.url.split('token=')[1] ?? '',
    });
    expect([accepted.statusCode, accepted.headers.location]).toEqual([303, '/admin']);
    const refused = await run('first-admin');
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('/admin/staff')]);
  });

  it('the command line resets the second factor of a person who lost it, and emails them', async () => {
    const { given, see, runJson } = cli;
    const { person } = await addAuthenticatorApp(cli, await given.user({ role: 'support' }));
    const command = ['users', 'reset-second-factor', person.email] as const;
    expect((await runJson(...command)).json).toEqual({ userId: person.id, changed: true });
    for (const table of ['authenticator_app', 'recovery_code', 'session'])
      expect(await see.count(`auth.${table} WHERE user_id = $1`, [person.id])).toBe(0);
    const audited = `platform.audit WHERE subject_id = $1 AND action = 'auth.second_factor_removed' AND actor_kind = 'operator'`;
    expect(await see.count(audited, [person.id])).toBe(1);
    await cli.runHandlers();
    const told = `notifications.captured_email WHERE recipient = $1 AND subject LIKE '%second factor was removed%'`;
    expect(await see.count(told, [person.email])).toBe(1);
    expect((await runJson(...command)).json).toEqual({ userId: person.id, changed: false });
  });

  it('the command line explains both ends of a referral', async () => {
    const { given, when, run, runJson } = cli;
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    const code = await given.referralCodeOf(anna);
    expect((await runJson('explain', bert.email)).json).toMatchObject({
      tier: 'free',
      access: { active: false, source: 'none', until: null },
      referredBy: {
        referrerId: anna.id,
        rules: [{}, {}, {}, { rule: 'first_payment', result: 'missing' }, {}],
      },
    });
    await when.pays(bert);
    expect((await runJson('explain', anna.email)).json).toMatchObject({
      user: { id: anna.id },
      access: { active: true, source: 'credit' },
      referralCode: code,
      referredBy: null,
      invites: [
        {
          invite: { status: 'converted', daysEarned: 45 },
          rules: [
            {},
            {},
            {},
            {},
            { rule: 'payment_stands', result: 'met' },
            { rule: 'credit', result: 'met' },
          ],
        },
      ],
      credit: { entries: [{ kind: 'referral_referrer', days: 45 }] },
    });
    expect((await runJson('explain', bert.email)).json).toMatchObject({
      tier: 'paid',
      access: { active: true, source: 'subscription' },
    });
    const text = (await run('explain', bert.email)).stdout;
    expect(text).toContain('+ First payment');
    expect(text).toContain('+ Payment valid: The payment is valid.');
    expect(text).toContain('This person is shown: 45 days were added to your account on ');
    expect(text).toContain('+45 days  referral_referred');
    expect((await run('explain', 'nobody@example.org')).exitCode).toBe(1);
  });
});

const mcpPackages = ['@modelcontextprotocol/server', 'zod'];
const serverPackages = [
  '@nestjs/core',
  '@nestjs/swagger',
  'fastify',
  'stripe',
  'class-validator',
  ...mcpPackages,
];

/** The packages that a command has loaded when it ends. */
async function loadedPackages(environment: Record<string, string>, words: string[]): Promise<string[]> {
  const reporter = new URL('report-packages.mjs', import.meta.url).href;
  const { stderr } = await runTwofoldProcess(
    { ...environment, NODE_OPTIONS: `--import=${reporter}` },
    ...words,
  );
  return /^Packages: (.*)$/m.exec(stderr)?.[1]?.split(' ') ?? [];
}
