import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CreditService } from '../../src/credit/credit.service.js';
import type { Person } from '../support/given.js';
import { invoicePayment, paymentFor, refund } from '../support/payment-payloads.js';
import { event, invoice } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

/**
 * The database itself refuses what must never be, for every caller: the last line, and the only one
 * that is needed.
 */
let world: World;
let bert: Person;
let carl: Person;
let carlsReferral: string;
beforeAll(async () => {
  world = await createWorld();
  const { given, when, sql } = world;
  const anna = await given.user();
  [bert, carl] = [await given.userInvitedBy(anna), await given.userInvitedBy(anna)];
  for (const person of [bert, carl]) {
    await given.linkCustomer(person);
    await given.referralCodeOf(person);
  }
  const paid = invoice(bert.payer, when.seconds);
  const payment = paymentFor(String(paid.id));
  for (const one of [
    event('invoice.paid', paid, when.seconds),
    event('invoice_payment.paid', invoicePayment(payment, when.seconds), when.seconds),
    event('refund.created', refund(payment, when.seconds, { amount: 1 }), when.seconds),
  ])
    expect((await when.stripeSends(one)).status).toBe(200);
  const { rows } = await sql.query<{ id: string }>(
    `SELECT id FROM referral.referral WHERE referred_id = $1`,
    [carl.id],
  );
  carlsReferral = String(rows[0]?.id);
  const decision = { reason: 'a test', actor: { kind: 'operator' as const } };
  await world.database.transaction(async (tx) => {
    const credit = world.app.get(CreditService, { strict: false });
    const { id } = await credit.grantManually(tx, { userId: carl.id, days: 5 }, decision);
    await credit.revokeManually(tx, id, decision);
  });
});
afterAll(() => world.close());

const ofNoReward = {
  conversion_id: null,
  side: null,
  revision: null,
  referral_id: null,
  kind: 'admin_grant',
};

/** A row that exists is copied with these changes; the constraint must refuse the copy. */
it.each<[string, string, string, () => Record<string, unknown>]>([
  ['user_email_is_unique', 'auth."user"', 'true', () => ({ id: randomUUID() })],
  ['session_token_hash_is_unique', 'auth.session', 'true', () => ({ id: randomUUID() })],
  ['code_one_active_per_user', 'referral.code', 'true', () => ({ code: 'ABCDEFGH' })],
  ['referral_once_per_referred', 'referral.referral', 'true', () => ({ id: randomUUID() })],
  [
    'conversion_once_per_referral',
    'referral.conversion',
    'true',
    () => ({ id: randomUUID(), referred_id: carl.id, invoice_id: 'in_other' }),
  ],
  [
    'conversion_once_per_referred',
    'referral.conversion',
    'true',
    () => ({ id: randomUUID(), referral_id: carlsReferral, invoice_id: 'in_other' }),
  ],
  [
    'conversion_once_per_invoice',
    'referral.conversion',
    'true',
    () => ({ id: randomUUID(), referral_id: carlsReferral, referred_id: carl.id }),
  ],
  ['reward_status_pkey', 'referral.reward_status', 'true', () => ({})],
  [
    'credit_entry_once_per_side',
    'credit.entry',
    `side = 'referred'`,
    () => ({ id: randomUUID(), seq: 1_000 }),
  ],
  [
    'credit_entry_seq_is_unique',
    'credit.entry',
    `side = 'referred'`,
    () => ({ id: randomUUID(), ...ofNoReward }),
  ],
  [
    'credit_entry_is_revoked_once',
    'credit.entry',
    `kind = 'admin_revoke'`,
    () => ({ id: randomUUID(), seq: 1_000 }),
  ],
  ['customer_pkey', 'billing.customer', 'true', () => ({ user_id: carl.id, used_for_checkout: false })],
  [
    'customer_used_for_checkout_is_one_per_user',
    'billing.customer',
    'used_for_checkout',
    () => ({ id: 'cus_another' }),
  ],
  ['invoice_pkey', 'billing.invoice', 'true', () => ({})],
  ['inbox_pkey', 'billing.inbox', 'true', () => ({})],
  ['invoice_payment_pkey', 'billing.invoice_payment', 'true', () => ({ invoice_id: 'in_other' })],
  ['reversal_pkey', 'billing.reversal', 'true', () => ({ status: 'failed' })],
  ['subscription_pkey', 'billing.subscription', 'true', () => ({})],
])('%s', async (constraint, table, where, changes) => {
  const copy = `INSERT INTO ${table} SELECT (jsonb_populate_record(t, $1)).* FROM ${table} t WHERE ${where} LIMIT 1`;
  await expect(world.sql.query(copy, [JSON.stringify(changes())])).rejects.toMatchObject({ constraint });
});
