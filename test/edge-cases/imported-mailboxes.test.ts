import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCliWorld, type CliWorld } from '../cli/cli-world.js';
import { bearer, type Person } from '../support/given.js';
import { holdLock } from '../support/held-lock.js';
import { stripeId } from '../support/stripe-payloads.js';

let cliWorld: CliWorld;
beforeAll(async () => {
  cliWorld = await createCliWorld();
});
afterAll(async () => {
  expect(await cliWorld.see.discrepancies()).toEqual([]);
  await cliWorld.close();
});

const header = 'email,referral_code,referred_by_code';
const imports = async (...rows: string[]) =>
  expect(
    (await cliWorld.run('users', 'import', cliWorld.writeCsv([header, ...rows].join('\n')))).exitCode,
  ).toBe(0);
const outcomeOf = async (email: string) => {
  const { rows } = await cliWorld.sql.query<{ outcome: string }>(
    `SELECT v.outcome FROM referral.review v JOIN referral.referral r ON r.id = v.referral_id
     JOIN auth."user" u ON u.id = r.referred_id WHERE u.email = $1`,
    [email],
  );
  return rows[0]?.outcome ?? 'allow';
};
const mailboxes = (email: string) =>
  cliWorld.see.count(
    `referral.signal s JOIN auth."user" u ON u.id = s.user_id WHERE s.kind = 'mailbox' AND u.email = '${email}'`,
  );
/** Imported by a release that did not record mailboxes. */
const forgetMailboxes = (...emails: string[]) =>
  cliWorld.sql.query(
    `DELETE FROM referral.signal s USING auth."user" u WHERE u.id = s.user_id AND u.email = ANY($1)`,
    [emails],
  );

describe('the mailbox of imported people', () => {
  it('the mailbox of imported people is recorded by the import: an invitation to another address of the same mailbox is rejected', async () => {
    await imports('anna.one@gmail.com,AAAAAAA2,', 'else@example.org,,');
    await cliWorld.given.user({ email: 'annaone+friend@gmail.com', ref: 'AAAAAAA2' });
    expect(await outcomeOf('annaone+friend@gmail.com')).toBe('reject');
    await cliWorld.given.user({ email: 'stranger@gmail.com', ref: 'AAAAAAA2' });
    expect(await outcomeOf('stranger@gmail.com')).toBe('allow');
  });

  it('the mailbox of imported people takes one statement for a whole batch, and no lock for each person', async () => {
    const locks = () => cliWorld.see.count(`pg_locks WHERE locktype = 'advisory'`);
    const emails = Array.from({ length: 2_500 }, (_, index) => `many${index}@example.org,,`);
    const held = await holdLock(cliWorld.sql, `LOCK TABLE platform.audit IN EXCLUSIVE MODE`);
    const imported = imports(...emails);
    await held.untilBlocked();
    const duringImport = await locks();
    await held.release();
    await imported;
    expect(duringImport).toBeLessThan(10);
    expect(await cliWorld.see.count(`auth."user" WHERE email LIKE 'many%'`)).toBe(2_500);
    expect(
      await cliWorld.see.count(
        `referral.signal s JOIN auth."user" u ON u.id = s.user_id WHERE u.email LIKE 'many%' AND s.kind = 'mailbox'`,
      ),
    ).toBe(2_500);
  });

  it('the mailbox of imported people that an older release imported is recorded at their next sign-in, and their invitation is evaluated', async () => {
    await imports('cleo@example.org,CCCCCCC2,', 'cleo+2@example.org,,CCCCCCC2');
    await forgetMailboxes('cleo@example.org', 'cleo+2@example.org');
    await cliWorld.given.user({ email: 'cleo@example.org' });
    expect(await mailboxes('cleo@example.org')).toBe(1);
    expect(await outcomeOf('cleo+2@example.org')).toBe('allow');
    await cliWorld.given.user({ email: 'cleo+2@example.org' });
    expect(await outcomeOf('cleo+2@example.org')).toBe('reject');
  });

  it('the mailbox of imported people is recorded once: the next sign-in waits for no billing account', async () => {
    const { given, sql } = cliWorld;
    await imports('dora@example.org,,');
    await forgetMailboxes('dora@example.org');
    const dora = await given.user({ email: 'dora@example.org' });
    const held = await holdLock(sql, `SELECT 1 FROM billing.account WHERE user_id = $1 FOR UPDATE`, [
      dora.id,
    ]);
    await given.user({ email: 'dora@example.org' });
    await held.release();
    expect(await mailboxes('dora@example.org')).toBe(1);
  });

  it('the mailbox of imported people is recorded by a later sign-in where their billing account stays locked: they can sign in', async () => {
    const { given, sql } = cliWorld;
    await imports('frida@example.org,,');
    await forgetMailboxes('frida@example.org');
    const held = await holdLock(
      sql,
      `SELECT 1 FROM billing.account a JOIN auth."user" u ON u.id = a.user_id WHERE u.email = $1 FOR UPDATE OF a`,
      ['frida@example.org'],
    );
    await given.user({ email: 'frida@example.org' });
    expect(await mailboxes('frida@example.org')).toBe(0);
    await held.release();
    await given.user({ email: 'frida@example.org' });
    expect(await mailboxes('frida@example.org')).toBe(1);
  });

  it('the mailbox of imported people is recorded before and after a change of address', async () => {
    const { given, app } = cliWorld;
    await imports('emil@example.org,EEEEEEE2,');
    const emil: Person = await given.user({ email: 'emil@example.org' });
    await forgetMailboxes('emil@example.org'); // signed in before the release that records it
    const payload = await given.challenge(`${stripeId('emil').toLowerCase()}@example.org`);
    const url = '/api/v1/me/email';
    expect((await app.inject({ method: 'POST', url, headers: bearer(emil), payload })).statusCode).toBe(200);
    await given.user({ email: 'emil+friend@example.org', ref: 'EEEEEEE2' });
    expect(await outcomeOf('emil+friend@example.org')).toBe('reject');
  });
});
