import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountOperations } from '../accounts/account-operations.js';
import { bearer, type Person } from '../support/given.js';
import { stripeId } from '../support/stripe-payloads.js';
import { createCliWorld, type CliWorld } from './cli-world.js';

interface Finding {
  line: number;
  column: string;
  value: string;
  message: string;
}

interface Moved {
  counts: Record<string, number>;
  ignoredColumns: string[];
  problemCount: number;
  problems: Finding[];
  warnings: Finding[];
}

let cli: CliWorld;
beforeAll(async () => {
  cli = await createCliWorld();
});
afterAll(() => cli.close());

const moveIn = async (tool: string, text: string, ...options: string[]) => {
  const { exitCode, json } = await cli.runJson<Moved>('import', tool, cli.writeCsv(text), ...options);
  const counts = Object.fromEntries(Object.entries(json.counts).filter(([, n]) => n > 0));
  return { exitCode, ...json, counts };
};

const userIdOf = async (email: string) =>
  (await cli.sql.query<{ id: string }>(`SELECT id FROM auth."user" WHERE email = $1`, [email])).rows[0]?.id;

const referrerOf = async (email: string) =>
  (
    await cli.sql.query<{ email: string }>(
      `SELECT referrer.email FROM referral.referral r JOIN auth."user" u ON u.id = r.referred_id
       JOIN auth."user" referrer ON referrer.id = r.referrer_id WHERE u.email = $1`,
      [email],
    )
  ).rows[0]?.email;

const customerId = () => stripeId('cus').replace(/_/g, '').replace('cus', 'cus_');

/** Everything that an import can write, to see whether it wrote. */
const storedRows = async () => {
  const { rows } = await cli.sql.query(
    `SELECT (SELECT count(*) FROM auth."user") AS users, (SELECT count(*) FROM referral.referral) AS referrals,
       (SELECT count(*) FROM referral.code) AS codes, (SELECT count(*) FROM referral.code_alias) AS aliases,
       (SELECT count(*) FROM billing.customer) AS customers, (SELECT count(*) FROM credit.entry) AS entries,
       (SELECT sum(duration_ms) FROM credit.entry) AS ms, (SELECT count(*) FROM credit.imported_grant) AS keys,
       (SELECT count(external_id) FROM auth."user") AS "externalIds", (SELECT count(*) FROM platform.audit) AS audit,
       (SELECT count(first_paid_at) FROM billing.account) AS paid, (SELECT count(*) FROM platform.note) AS notes`,
  );
  return rows[0] as Record<string, string>;
};

const pays = (customer: string) =>
  cli.when.pays({
    ...{ id: '', email: '', token: '' },
    payer: { customer, subscription: stripeId('sub'), userId: null },
  });

const get = async <T>(url: string, person?: Person) =>
  (await cli.app.inject({ url, headers: person === undefined ? {} : bearer(person) })).json<T>();

/** Whose invitation a code is, as the public answer says it. */
const invitation = (code: string) =>
  get<{ valid: boolean; code: string; invitedBy: { label: string } | null }>(
    `/api/v1/referral/codes/${encodeURIComponent(code)}`,
  );

describe('import', () => {
  it.each([
    {
      tool: 'dub',
      partners: 'Name,Email,Tenant ID,Link\nPat,pat@dub.example,dub-1,https://go.acme.example/Pat.One\n',
      file: [
        'Name,Email,Country,Partner,Link,Sale amount,Created at,First sale at,External ID,Stripe customer ID,Partner tenant ID',
        'New,new@dub.example,DE,Pat,go.acme.example/Pat.One,0,2026-01-02T10:00:00.000Z,,dub-2,cus_dubnew,dub-1',
        'Old,old@dub.example,DE,Pat,go.acme.example/Pat.One,900,2026-01-02T10:00:00.000Z,2026-02-01T00:00:00.000Z,dub-3,cus_dubold,dub-1',
      ],
      externalIds: 2,
    },
    {
      tool: 'rewardful',
      partners: 'first_name,last_name,email,token\nPat,One,pat@rewardful.example,Pat.One-rw\n',
      file: [
        'stripe_customer_id,email,token,became_conversion_at',
        'cus_rwnew,new@rewardful.example,Pat.One-rw,',
        'cus_rwold,old@rewardful.example,Pat.One-rw,2026-02-01T00:00:00.000Z',
      ],
      externalIds: 0,
    },
    {
      tool: 'firstpromoter',
      partners: 'email,cust_id,ref_token\npat@firstpromoter.example,fp-1,pat_fp\n',
      file: [
        'uid,email,customer_since,ref_token,created_at,stripe_customer_id',
        'fp-2,new@firstpromoter.example,,pat_fp,2026-01-02T10:00:00Z,cus_fpnew',
        'fp-3,old@firstpromoter.example,2026-02-01T00:00:00Z,pat_fp,2026-01-02T10:00:00Z,cus_fpold',
      ],
      externalIds: 2,
    },
    {
      tool: 'tolt',
      partners: 'email,param,value\npat@tolt.example,ref,michael_scott\n',
      file: [
        'customer_id,email,param,value,created_at,active_at',
        'cus_toltnew,new@tolt.example,ref,michael_scott,2026-01-15T14:30:00.000Z,',
        'cus_toltold,old@tolt.example,ref,michael_scott,2026-01-15T14:30:00.000Z,2026-02-01T00:00:00Z',
      ],
      externalIds: 0,
    },
  ])(
    'the files of $tool bring people, codes and referrals, and change nothing the second time',
    async (one) => {
      const { tool, partners, file, externalIds } = one;
      const first = await moveIn(tool, partners, '--partners');
      expect(first).toMatchObject({ exitCode: 0, problems: [], counts: { rows: 1, created: 1, aliases: 1 } });
      const second = await moveIn(tool, file.join('\n'));
      expect(second).toMatchObject({
        ...{ exitCode: 0, problems: [], ignoredColumns: [] },
        counts: { rows: 2, created: 2, customers: 2, linked: 1, rewardedElsewhere: 1 },
      });
      expect(await referrerOf(`new@${tool}.example`)).toBe(`pat@${tool}.example`);
      expect(
        await cli.see.count(`auth."user" WHERE external_id IS NOT NULL AND email ~ '(new|old)@${tool}'`),
      ).toBe(externalIds);
      const before = await storedRows();
      for (const options of [[], ['--upsert']]) {
        const again = await moveIn(tool, file.join('\n'), ...options);
        expect(again).toMatchObject({ exitCode: 0, counts: { rows: 2, existed: 2, alreadyLinked: 2 } });
        expect(await storedRows()).toEqual(before);
      }
      expect(await moveIn(tool, partners, '--partners', '--upsert')).toMatchObject({
        counts: { existed: 1 },
      });
      expect(await storedRows()).toEqual(before);
      expect((await cli.run('verify')).exitCode).toBe(0);
    },
  );

  it('a first payment after the move credits both, and none that was rewarded elsewhere', async () => {
    const [fresh, known] = [customerId(), customerId()];
    await moveIn(
      'rewardful',
      `email,own_code,token,stripe_customer_id,became_conversion_at
       lea@pay.example,lea-pay,,,
       fresh@pay.example,,lea-pay,${fresh},
       known@pay.example,,lea-pay,${known},2026-02-01`,
    );
    const lea = await cli.given.user({ email: 'lea@pay.example' });
    expect((await pays(known)).detail).toBe('renewal');
    expect(await cli.see.creditDaysOf(lea)).toBe(0);
    expect((await pays(fresh)).detail).toBe('converted');
    expect(await cli.see.creditDaysOf(lea)).toBe(45);
    const { items } = await get<{ items: { daysEarned: number }[] }>('/api/v1/referral/invites', lea);
    expect(items.sort((a, b) => a.daysEarned - b.daysEarned)).toMatchObject([
      {
        status: 'converted',
        daysEarned: 0,
        nextStep: 'Rewarded before we moved here. Nothing more follows.',
      },
      { status: 'converted', daysEarned: 45 },
    ]);
    expect(await cli.see.discrepancies()).toEqual([]);
  });

  it('no payment converts a referral that was rewarded elsewhere, however early Stripe says it was', async () => {
    const early = customerId();
    await moveIn(
      'rewardful',
      `email,own_code,token,stripe_customer_id,created_at,became_conversion_at
       mia@early.example,mia-early,,,,
       early@early.example,,mia-early,${early},2020-01-01,${new Date(Date.now() - 1000).toISOString()}`,
    );
    const payer = { customer: early, subscription: stripeId('sub'), userId: null };
    const paidAt = Math.floor(Date.now() / 1000) - 3600;
    const answer = await cli.when.stripeSends(
      cli.when.invoicePaid(
        { id: '', email: '', token: '', payer },
        { status_transitions: { paid_at: paidAt } },
      ),
    );
    expect(answer.detail).toBe('earlier_payment');
    expect(answer.outcome).toBe('applied');
    expect(
      await cli.see.count('referral.conversion WHERE referred_id = $1', [
        await userIdOf('early@early.example'),
      ]),
    ).toBe(0);
    expect(await cli.see.creditDaysOf(await cli.given.user({ email: 'mia@early.example' }))).toBe(0);
  });

  it('a referrer, and the owner of a code, may stand further down', async () => {
    const moved = await moveIn(
      'dub',
      `Email,External ID,Partner tenant ID,Link,own_code
       one@later.example,l1,l9,,
       two@later.example,l2,l9,dub.sh/later-code,
       three@later.example,l3,,later-code,
       four@later.example,l4,,tail.code,
       nine@later.example,l9,,,tail.code`,
    );
    expect(moved).toMatchObject({ exitCode: 0, counts: { created: 5, linked: 4, aliases: 2 } });
    for (const name of ['one', 'two', 'three', 'four'])
      expect(await referrerOf(`${name}@later.example`)).toBe('nine@later.example');
  });

  it('one’s own code is a warning; a circle, an unknown code and another referrer are problems', async () => {
    const file = `email,own_code,token
      self@circle.example,self-code,self-code
      anna@circle.example,anna-code,carl-code
      bert@circle.example,bert-code,anna-code
      carl@circle.example,carl-code,bert-code
      lost@circle.example,,no such code`;
    const moved = await moveIn('rewardful', file);
    expect(moved.exitCode).toBe(1);
    expect(moved.counts).toMatchObject({ created: 5, linked: 2, ownCode: 1, conflicts: 1, codeUnknown: 1 });
    expect(moved.problems).toMatchObject([
      { line: 5, column: 'token', value: 'bert-code' },
      {
        line: 6,
        column: 'token',
        value: 'no such code',
        message: 'belongs to no person, here or in this file: import who refers first, with --partners',
      },
    ]);
    expect(moved.warnings).toMatchObject([{ line: 2, column: 'token', value: 'self-code' }]);
    const before = await storedRows();
    const other = await moveIn('rewardful', 'email,token\nbert@circle.example,carl-code\n', '--upsert');
    expect(other).toMatchObject({ exitCode: 1, counts: { conflicts: 1 } });
    expect(await referrerOf('bert@circle.example')).toBe('anna@circle.example');
    expect(await storedRows()).toEqual(before);
  });

  it('people who paid here before get no referral; a referral that waits here stays as it is', async () => {
    const { given, when } = cli;
    const [anna, payer] = [await given.user(), await given.user()];
    await given.linkCustomer(payer);
    await when.pays(payer);
    const friend = await given.userInvitedBy(anna);
    const moved = await moveIn(
      'rewardful',
      `email,own_code,token,became_conversion_at
       ${anna.email},anna-old,,
       ${payer.email},,anna-old,
       ${friend.email},,anna-old,2026-01-01`,
    );
    expect(moved.counts).toMatchObject({ existed: 3, paidBefore: 1, conflicts: 1 });
    expect(moved.problems).toMatchObject([{ line: 4, column: 'token', value: 'anna-old' }]);
    await given.linkCustomer(friend);
    expect((await when.pays(friend)).detail).toBe('converted');
  });

  it('a row is credited once, whatever stands beside its key later', async () => {
    const row = (email: string, key: string, days: number | string) => `${email},own-${email},${days},${key}`;
    const file = (...rows: string[]) =>
      `email,own_code,credit_days,credit_key,token\n${rows.map((one) => `${one},`).join('\n')}\n`;
    const text = file(
      row('ida@credit.example', 'k1', 30),
      row('ida@credit.example', 'k2', 10),
      row('jan@credit.example', 'k3', 5),
    );
    const first = await moveIn('rewardful', text);
    expect(first).toMatchObject({ exitCode: 0, counts: { credited: 3 } });
    const ida = await cli.given.user({ email: 'ida@credit.example' });
    expect(await cli.see.creditDaysOf(ida)).toBeCloseTo(40, 2);
    const before = await storedRows();
    const again = await moveIn(
      'rewardful',
      file(row('ida@credit.example', 'k1', 99), row('jan@credit.example', 'k2', 10)),
      '--upsert',
    );
    expect(again.counts).toMatchObject({ creditedBefore: 2 });
    expect(await storedRows()).toEqual(before);
    const bad = await moveIn(
      'rewardful',
      file(row('kim@credit.example', '', 5), row('leo@credit.example', 'k4', '-3')),
    );
    expect(bad.problems.map(({ line, column }) => [line, column])).toEqual([
      [2, 'credit_key'],
      [3, 'credit_days'],
    ]);
    expect(await userIdOf('kim@credit.example')).toBeUndefined();
    expect(await cli.see.discrepancies()).toEqual([]);
  });

  it('two imports of one file at once create each person, and credit each row, once', async () => {
    const rows = Array.from(
      { length: 40 },
      (_, n) => `p${n}@race.example,race-${n},race-${(n + 1) % 40},3,race-key-${n}`,
    );
    const file = cli.writeCsv(`email,own_code,token,credit_days,credit_key\n${rows.join('\n')}\n`);
    const answers = await Promise.all([1, 2].map(() => cli.runJson<Moved>('import', 'rewardful', file)));
    const total = (name: string) => answers.reduce((sum, { json }) => sum + (json.counts[name] ?? 0), 0);
    expect([total('created'), total('existed'), total('credited'), total('aliases')]).toEqual([
      40, 40, 40, 40,
    ]);
    expect(await cli.see.count(`auth."user" WHERE email LIKE '%@race.example'`)).toBe(40);
    expect(await cli.see.discrepancies()).toEqual([]);
  });

  it('only --upsert completes people who are here, and never merges two or changes an id', async () => {
    const { given } = cli;
    const [anna, bert] = [await given.user(), await given.user()];
    const [first, second] = [customerId(), customerId()];
    const file = `uid,email,ref_token,stripe_customer_id\nup-a,${anna.email.toUpperCase()},,${first}\nup-b,${bert.email},,${second}\n`;
    expect(await moveIn('firstpromoter', file)).toMatchObject({
      exitCode: 0,
      counts: { rows: 2, existed: 2 },
    });
    expect(await cli.see.count('billing.customer WHERE id = ANY($1)', [[first, second]])).toBe(0);
    const upsert = await moveIn('firstpromoter', file, '--upsert');
    expect(upsert.counts).toMatchObject({ existed: 2, completed: 2, customers: 2 });
    const before = await storedRows();
    const conflicts = await moveIn(
      'firstpromoter',
      `uid,email,ref_token,stripe_customer_id
       up-a,${bert.email},,
       up-other,${anna.email},,
       ,${anna.email},,${second}
       up-b,,,${first}`,
      '--upsert',
    );
    expect(conflicts).toMatchObject({ exitCode: 1, counts: { conflicts: 4 } });
    expect(conflicts.problems.map(({ line, column }) => [line, column])).toEqual([
      [2, 'email'],
      [3, 'uid'],
      [4, 'email'],
      [5, 'stripe_customer_id'],
    ]);
    expect(conflicts.problems[0]?.value).toMatch(/^.•••@e•••\.org$/);
    expect(await storedRows()).toEqual(before);
  });

  it('--upsert remembers that a person here has paid elsewhere, unless their referral waits here', async () => {
    const { given, when } = cli;
    const [inviter, payer, friend] = [await given.user(), await given.user(), await given.user()];
    const invited = await given.userInvitedBy(inviter);
    for (const person of [payer, friend, invited]) await given.linkCustomer(person);
    const file = [payer, invited].map(({ email }) => `${email},,2026-02-01`).join('\n');
    const text = `email,token,became_conversion_at\n${file}\n`;
    await moveIn('rewardful', text);
    const remembered = () =>
      cli.see.count('billing.account WHERE first_paid_at IS NOT NULL AND user_id = ANY ($1)', [
        [payer.id, invited.id],
      ]);
    expect(await remembered()).toBe(0);
    expect((await moveIn('rewardful', text, '--upsert')).counts).toMatchObject({
      existed: 2,
      paidElsewhere: 1,
    });
    expect(await remembered()).toBe(1);
    expect((await moveIn('rewardful', text, '--upsert')).counts.paidElsewhere).toBeUndefined();
    const code = await given.referralCodeOf(inviter);
    const claim = { method: 'POST', url: '/api/v1/referral/claim', payload: { code } } as const;
    await cli.app.inject({ ...claim, headers: bearer(payer) });
    await cli.app.inject({ ...claim, headers: bearer(friend) });
    cli.clock.advance(1_000);
    expect((await when.pays(payer)).detail).toBe('renewal');
    expect((await when.pays(invited)).detail).toBe('converted');
    expect((await cli.run('verify')).exitCode).toBe(0);
  });

  it('the customers of commissions of Dub were rewarded, and rows of no customer are left out', async () => {
    await moveIn('dub', 'Email,Link\npat@commission.example,go.acme.example/Pat.Two\n', '--partners');
    const customer = customerId();
    const file = `ID,Type,Amount,Earnings,Currency,Status,Invoice ID,Quantity,Created at,Partner email,Customer email,Customer external ID
      cm_2,sale,$9.00,$3.00,usd,paid,in_2,1,2026-03-01T00:00:00.000Z,pat@commission.example,buyer@commission.example,com-1
      cm_1,sale,$9.00,$3.00,usd,paid,in_1,1,2026-02-01T00:00:00.000Z,pat@commission.example,buyer@commission.example,com-1
      cm_0,custom,$0.00,$5.00,usd,pending,,1,2026-02-01T00:00:00.000Z,pat@commission.example,,`;
    const moved = await moveIn('dub', file, '--commissions');
    expect(moved).toMatchObject({
      ...{ exitCode: 0, problems: [], ignoredColumns: [] },
      counts: { rows: 2, created: 1, existed: 1, rewardedElsewhere: 1, alreadyLinked: 1 },
    });
    await moveIn(
      'dub',
      `Email,Link,Stripe customer ID\nbuyer@commission.example,go.acme.example/Pat.Two,${customer}\n`,
      '--upsert',
    );
    expect((await pays(customer)).detail).toBe('renewal');
    const both = await cli.run('import', 'dub', cli.writeCsv(file), '--commissions', '--partners');
    expect(both.exitCode).not.toBe(0);
  });

  it('links of Tolt with a parameter that is not understood are reported once', async () => {
    const text =
      'email,param,value\na@param.example,ref,a-param\nb@param.example,deal,b-param\nc@param.example,deal,c-param\n';
    const moved = await moveIn('tolt', text, '--partners');
    expect(moved).toMatchObject({ exitCode: 0, counts: { created: 3, aliases: 3 }, ignoredColumns: [] });
    expect(moved.warnings).toMatchObject([{ line: 3, column: 'param', value: 'deal' }]);
    expect(moved.warnings[0]?.message).toContain('?ref=');
  });

  it('--dry-run reports what would happen, and writes nothing', async () => {
    const before = await storedRows();
    const file = `email,own_code,token,credit_days,credit_key
      one@dry.example,dry-one,dry-two,10,dry-1
      two@dry.example,dry-two,,,`;
    const dry = await moveIn('rewardful', file, '--dry-run');
    expect(dry).toMatchObject({
      exitCode: 0,
      dryRun: true,
      counts: { created: 2, aliases: 2, linked: 1, credited: 1 },
    });
    expect(await storedRows()).toEqual(before);
    const real = await moveIn('rewardful', file);
    expect(real.counts).toEqual(dry.counts);
  });

  it('an event that waited for a customer is applied after the import', async () => {
    const waiting = customerId();
    expect((await pays(waiting)).outcome).toBe('parked');
    await moveIn('rewardful', `email,token,stripe_customer_id\nwaits@event.example,,${waiting}\n`);
    await cli.runHandlers();
    expect(await cli.see.count('billing.invoice WHERE customer_id = $1', [waiting])).toBe(1);
  });

  it('an erased person’s old codes are forgotten, and never given to another', async () => {
    const file = (name: string) => `email,own_code,token\n${name}@erased.example,Gone.Code,\n`;
    await moveIn('rewardful', file('first'));
    const first = await cli.given.user({ email: 'first@erased.example' });
    expect((await invitation('Gone.Code')).valid).toBe(true);
    await accountOperations(cli).erase(first);
    expect((await invitation('Gone.Code')).valid).toBe(false);
    expect(await cli.see.count(`referral.code_alias WHERE alias = 'Gone.Code'`)).toBe(0);
    expect(await moveIn('rewardful', file('heir'))).toMatchObject({
      exitCode: 1,
      counts: { created: 1, conflicts: 1 },
    });
    expect((await invitation('Gone.Code')).valid).toBe(false);
  });

  it('the old codes of a merged account lead to the account that it became', async () => {
    await moveIn('rewardful', 'email,own_code,token\nfrom@merged.example,merged/code,\n');
    const from = await cli.given.user({ email: 'from@merged.example' });
    const into = await cli.given.user();
    await accountOperations(cli).merge(from, into);
    const { valid, code } = await invitation('merged/code');
    expect(valid).toBe(true);
    const friend = await cli.given.user({ ref: code });
    expect(await referrerOf(friend.email)).toBe(into.email);
  });
});
