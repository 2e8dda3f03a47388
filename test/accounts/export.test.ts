import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, type Person } from '../support/given.js';
import { createStaff, type Staff } from '../support/staff.js';
import { createWorld, type World } from '../support/world.js';
import { createUserWithAllData } from './user-with-all-data.js';

/**
 * By table, a text of a person's row ($1: their id, $2: their address) that an export must hold.
 */
const exportedRows: Record<string, string> = {
  'auth.user': `SELECT email FROM auth."user" WHERE id = $1`,
  'auth.session': `SELECT id FROM auth.session WHERE user_id = $1`,
  'auth.challenge': `SELECT id FROM auth.challenge WHERE email = $2`,
  'auth.known_device': `SELECT 'devices' FROM auth.known_device WHERE user_id = $1`,
  'auth.passkey': `SELECT name FROM auth.passkey WHERE user_id = $1`,
  'auth.authenticator_app': `SELECT 'authenticatorApps' FROM auth.authenticator_app WHERE user_id = $1`,
  'auth.staff_invitation': `SELECT id FROM auth.staff_invitation WHERE email = $2`,
  'notifications.email_opt_out': `SELECT kind FROM notifications.email_opt_out WHERE user_id = $1`,
  'notifications.email_delivery': `SELECT template FROM notifications.email_delivery WHERE user_id = $1`,
  'notifications.captured_email': `SELECT id FROM notifications.captured_email WHERE recipient = $2`,
  'referral.code': `SELECT code FROM referral.code WHERE user_id = $1`,
  'referral.referral': `SELECT id FROM referral.referral WHERE $1 IN (referrer_id, referred_id)`,
  'referral.conversion': `SELECT c.id FROM referral.conversion c JOIN referral.referral r ON r.id = c.referral_id WHERE $1 IN (r.referrer_id, r.referred_id)`,
  'referral.reward_status': `SELECT s.state FROM referral.reward_status s JOIN referral.conversion c ON c.id = s.conversion_id WHERE c.referred_id = $1`,
  'referral.review': `SELECT v.decision FROM referral.review v JOIN referral.referral r ON r.id = v.referral_id WHERE r.referrer_id = $1`,
  'referral.invite_note': `SELECT n.text FROM referral.invite_note n JOIN referral.referral r ON r.id = n.referral_id WHERE r.referrer_id = $1`,
  'referral.milestone': `SELECT entry_id FROM referral.milestone WHERE referrer_id = $1`,
  'referral.reward_reservation': `SELECT conversion_id FROM referral.reward_reservation WHERE referrer_id = $1`,
  'referral.signal': `SELECT kind FROM referral.signal WHERE user_id = $1`,
  'credit.account': `SELECT to_char(until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') FROM credit.account WHERE user_id = $1`,
  'credit.entry': `SELECT id FROM credit.entry WHERE user_id = $1`,
  'billing.account': `SELECT to_char(first_paid_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') FROM billing.account WHERE user_id = $1`,
  'billing.customer': `SELECT id FROM billing.customer WHERE user_id = $1`,
  'billing.checkout_session': `SELECT id FROM billing.checkout_session WHERE user_id = $1`,
  'billing.subscription': `SELECT id FROM billing.subscription WHERE user_id = $1`,
  'billing.invoice': `SELECT id FROM billing.invoice WHERE user_id = $1`,
  'billing.invoice_payment': `SELECT p.id FROM billing.invoice_payment p JOIN billing.invoice i ON i.id = p.invoice_id WHERE i.user_id = $1`,
  'billing.reversal': `SELECT r.id FROM billing.reversal r JOIN billing.invoice_payment p ON p.id = r.payment_intent_id
    JOIN billing.invoice i ON i.id = p.invoice_id WHERE i.user_id = $1`,
  'billing.refund_as_credit': `SELECT g.entry_id FROM billing.refund_as_credit g JOIN billing.invoice i ON i.id = g.invoice_id WHERE i.user_id = $1`,
  'billing.deferral': `SELECT entry_id FROM billing.deferral WHERE user_id = $1`,
  'referral.code_alias': `SELECT alias FROM referral.code_alias WHERE user_id = $1`,
  'settings.backup': `SELECT data::text FROM settings.backup WHERE user_id = $1`,
  'platform.audit': `SELECT action FROM platform.audit WHERE subject_id = $1`,
  'platform.note': `SELECT text FROM platform.note WHERE subject_id = $1`,
  'accounts.merge': `SELECT id FROM accounts.merge WHERE $1 IN (from_user_id, into_user_id)`,
  'platform.merged_account': `SELECT from_id FROM platform.merged_account WHERE into_id = $1`,
};

/** Tables that hold nothing for an export, and why. */
const excludedTables: Record<string, string> = {
  'auth.api_key': 'keys of other products, no people',
  'auth.recovery_code': 'keyed hashes that say nothing to the person',
  'auth.used_proof': 'hashes of second factors that were used, for an hour; they name no user',
  'auth.used_sso_token': 'hashes of ids that another product chose, for an hour; they name no user',
  'platform.database_role': 'roles of the database, no people',
  'platform.secret_key': 'fingerprints of keys, no people',
  'platform.verification': 'what verify found, as numbers',
  'billing.inbox':
    'what Stripe sent, kept to be read again; its facts are in the tables above, and are redacted by erasure',
  'billing.inbox_payload': 'as billing.inbox',
  'billing.reconciliation_cursor': 'is about no user',
  'billing.event_alert': 'which alerts about events were raised, no people',
  'billing.deleted_customer': 'ids of unknown customers, for 30 days',
  'billing.stripe_account': 'which Stripe account this is used with, no people',
  'platform.idempotency': 'copies, for two days, of answers that are in the tables above',
  'webhooks.delivery': 'how events went to other products, no people',
  'webhooks.endpoint': 'addresses of other products, no people',
  'webhooks.event': 'ids and numbers of facts that are in the tables above, for some months',
  'platform.access_change': 'whose access may have changed, until a worker takes it',
  'webhooks.published_access': 'what is in billing.account and credit.account, as it was published',
  'platform.outbox': 'facts that are in the tables above, until a worker takes them',
  'platform.rate_limit': 'counts by keyed hash or network, for an hour at most',
  'credit.imported_grant': 'hashes of keys that name no user; what was granted is in credit.entry',
  'admin.totals_refresh': 'is about no user',
  'admin.installation_report': 'is about no user',
  'referral.budget': 'is about no user',
  'referral.fraud_rule': 'is about no user',
  'referral.fraud_rule_hit':
    'how fraud is recognised is kept from those it looks for; what came of it is in referral.review',
  'referral.scheduled_decision': 'for some minutes, until it takes effect in referral.review',
  'referral.terms': 'is about no user',
  'referral.channel_click': 'as referral.link_click',
  'referral.link_click': 'counts by code and day; no users, only visits',
  'referral.tombstone': 'keyed hashes that name no user',
  'referral.erased_code': 'keyed hashes that name no user',
  'auth.former_mailbox': 'keyed hashes of former mailboxes, which the export of the address does not need',
};

let world: World;
let staff: Staff;
let anna: Person;
beforeAll(async () => {
  world = await createWorld();
  staff = await createStaff(world);
  anna = await createUserWithAllData(world, staff);
});
afterAll(() => world.close());

it('every table is exported, or says why not', async () => {
  const { rows } = await world.sql.query<{ name: string }>(
    `SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND n.nspname !~ '^pg' AND n.nspname NOT IN ('information_schema', 'public') ORDER BY 1`,
  );
  const known = { ...exportedRows, ...excludedTables };
  expect(rows.map(({ name }) => name).filter((name) => !(name in known))).toEqual([]);
});

describe('the export of a person of whom every table knows something', () => {
  it.each(Object.entries(exportedRows))(
    'the export of a person of whom every table knows something holds their row of %s',
    async (_table, sql) => {
      const body = await fetchExport(anna);
      const named = sql.replaceAll('$1', `'${anna.id}'::uuid`).replaceAll('$2', `'${anna.email}'`);
      const { rows } = await world.sql.query<Record<string, string | null>>(named);
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) {
        const [text] = Object.values(row);
        expect(text).not.toBeNull();
        expect(body).toContain(String(text));
      }
    },
  );

  it('the export of a person of whom every table knows something is one JSON document, and holds the accounts that were merged into it', async () => {
    const whole = JSON.parse(await fetchExport(anna)) as Record<string, unknown>;
    expect(whole).toMatchObject({
      user: { email: anna.email },
      mergedAccounts: [{ user: { displayName: 'Twin' } }],
    });
  });
});

describe('staff', () => {
  it('staff export at a person’s request, which their audit shows', async () => {
    const answer = await staff.api('GET', `users/${anna.id}/export`, staff.admin);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ user: { email: anna.email } });
    expect(
      await world.see.count(`platform.audit WHERE action = 'accounts.data_exported' AND subject_id = $1`, [
        anna.id,
      ]),
    ).toBe(1);
    expect((await staff.api('GET', `users/${anna.id}/export`, staff.support)).statusCode).toBe(403);
    expect(
      (await staff.api('GET', `users/${staff.admin.id.replace(/^./, '1')}/export`, staff.admin)).statusCode,
    ).toBe(404);
  });
});

async function fetchExport(person: Person): Promise<string> {
  const answer = await world.app.inject({ url: '/api/v1/me/export', headers: bearer(person) });
  expect(answer.statusCode).toBe(200);
  return answer.body;
}
