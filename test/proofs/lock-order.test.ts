import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebhookProcessor } from '../../src/billing/webhooks/webhook-processor.js';
import { parseEvent } from '../../src/billing/webhooks/stripe-signatures.js';
import { CreditService } from '../../src/credit/credit.service.js';
import type { Person } from '../support/given.js';
import { holdLock, untilConnectionsBlocked } from '../support/held-lock.js';
import { dispute, invoicePayment, paymentFor, refund } from '../support/payment-payloads.js';
import { event, invoice, subscription, type StripeEvent } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

/**
 * One order of locks, and nothing read before its lock: seen by holding one and looking at what the
 * others hold.
 */
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(async () => {
  expect(await world.see.discrepancies()).toEqual([]);
  await world.close();
});

const account = 'SELECT 1 FROM billing.account WHERE user_id = $1';
const referral = 'SELECT 1 FROM referral.referral WHERE referred_id = $1';
const credit = 'SELECT 1 FROM credit.account WHERE user_id = $1';

async function invited(): Promise<{ anna: Person; bert: Person }> {
  const anna = await world.given.user();
  const bert = await world.given.userInvitedBy(anna);
  await world.given.linkCustomer(bert);
  return { anna, bert };
}

/** Everything that can turn a conversion, and what must have been reported before. */
const statusChanges: [string, (bert: Person) => { before: StripeEvent[]; then: StripeEvent }][] = [
  ['a first payment', (bert) => ({ before: [], then: world.when.invoicePaid(bert) })],
  [
    'a refund',
    (bert) => afterPayment(bert, (payment, at) => event('refund.created', refund(payment, at), at)),
  ],
  [
    'a dispute',
    (bert) => afterPayment(bert, (payment, at) => event('charge.dispute.created', dispute(payment, at), at)),
  ],
];

function afterPayment(
  bert: Person,
  then: (payment: ReturnType<typeof paymentFor>, at: number) => StripeEvent,
): { before: StripeEvent[]; then: StripeEvent } {
  const at = world.when.seconds;
  const paid = invoice(bert.payer, at);
  const payment = paymentFor(String(paid.id));
  const before = [
    event('invoice.paid', paid, at),
    event('invoice_payment.paid', invoicePayment(payment, at), at),
  ];
  return { before, then: then(payment, at + 1) };
}

describe.each(statusChanges)('%s', (_, story) => {
  async function begun(): Promise<{ anna: Person; bert: Person; then: StripeEvent }> {
    const { anna, bert } = await invited();
    const { before, then } = story(bert);
    for (const one of before) expect((await world.when.stripeSends(one)).status).toBe(200);
    return { anna, bert, then };
  }

  it('takes the billing account before the referral', async () => {
    const { bert, then } = await begun();
    const held = await holdLock(world.sql, `${account} FOR UPDATE`, [bert.id]);
    const sent = world.when.stripeSends(then);
    await held.untilBlocked();
    expect(await held.canLockRows(referral, [bert.id])).toBe(true);
    expect(await held.canLockRows(credit, [bert.id])).toBe(true);
    await held.release();
    expect((await sent).status).toBe(200);
  });

  it('takes the referral before the credit', async () => {
    const { anna, bert, then } = await begun();
    const held = await holdLock(world.sql, `${referral} FOR NO KEY UPDATE`, [bert.id]);
    const sent = world.when.stripeSends(then);
    await held.untilBlocked();
    expect(await held.canLockRows(account, [bert.id])).toBe(false);
    for (const person of [anna, bert]) expect(await held.canLockRows(credit, [person.id])).toBe(true);
    await held.release();
    expect((await sent).status).toBe(200);
  });

  it('takes the credit of both sides in the order of their ids', async () => {
    const { anna, bert, then } = await begun();
    const [first, second] = [anna.id, bert.id].sort();
    const held = await holdLock(world.sql, `${credit} FOR UPDATE`, [first]);
    const sent = world.when.stripeSends(then);
    await held.untilBlocked();
    expect(await held.canLockRows(credit, [second])).toBe(true);
    await held.release();
    expect((await sent).status).toBe(200);
  });
});

it('a payment that parks and the mapping it waits for never miss each other', async () => {
  const { given, when, database, see } = world;
  const anna = await given.user();
  const bert = await given.userInvitedBy(anna);
  const at = when.seconds;
  const payment = event('invoice.paid', invoice({ ...bert.payer, userId: null }, at), at);
  const intake = world.app.get(WebhookProcessor, { strict: false });
  let mapping: Promise<unknown> | undefined;
  await database.transaction(async (tx) => {
    const parked = await intake.process(tx, parseEvent(JSON.stringify(payment)));
    expect(parked.outcome).toBe('parked');
    mapping = when.stripeSends(event('customer.subscription.created', subscription(bert.payer, at), at));
    await untilConnectionsBlocked(world.sql);
  });
  await mapping;
  await world.runHandlers();
  expect([await see.creditDaysOf(anna), await see.creditDaysOf(bert)]).toEqual([45, 45]);
});

it('a refund that parks and the mapping it waits for never miss each other', async () => {
  const { bert } = await invited();
  const at = world.when.seconds;
  const payment = paymentFor('in_locks_1');
  const back = event('refund.created', refund(payment, at), at);
  const intake = world.app.get(WebhookProcessor, { strict: false });
  let mapping: Promise<unknown> | undefined;
  await world.database.transaction(async (tx) => {
    expect((await intake.process(tx, parseEvent(JSON.stringify(back)))).outcome).toBe('parked');
    mapping = world.when.stripeSends(event('invoice_payment.paid', invoicePayment(payment, at), at));
    await untilConnectionsBlocked(world.sql);
  });
  await mapping;
  await world.runHandlers();
  expect(await world.see.count(`billing.inbox WHERE event_id = $1 AND status = 'parked'`, [back.id])).toBe(0);
  expect(bert.id).toBeDefined();
});

it('a refund and the payment that it takes back never miss each other', async () => {
  const { given, when, database, see } = world;
  const anna = await given.user();
  const bert = await given.userInvitedBy(anna);
  await given.linkCustomer(bert);
  const at = when.seconds;
  const paid = invoice(bert.payer, at);
  const payment = paymentFor(String(paid.id));
  await when.stripeSends(event('invoice_payment.paid', invoicePayment(payment, at), at));
  const intake = world.app.get(WebhookProcessor, { strict: false });
  let back: Promise<unknown> | undefined;
  await database.transaction(async (tx) => {
    await intake.process(tx, parseEvent(JSON.stringify(event('invoice.paid', paid, at))));
    back = when.stripeSends(event('refund.created', refund(payment, at), at));
    await untilConnectionsBlocked(world.sql);
  });
  await back;
  expect([await see.creditDaysOf(anna), await see.creditDaysOf(bert)]).toEqual([0, 0]);
});

it('a reversal that waited for a revocation manually sees it', async () => {
  const { anna, bert } = await invited();
  const { before, then } = afterPayment(bert, (payment, at) =>
    event('refund.created', refund(payment, at), at),
  );
  for (const one of before) await world.when.stripeSends(one);
  const { rows } = await world.sql.query<{ id: string }>(`SELECT id FROM credit.entry WHERE user_id = $1`, [
    bert.id,
  ]);
  const decision = { reason: 'by hand', actor: { kind: 'operator' as const } };
  let back: Promise<unknown> | undefined;
  await world.database.transaction(async (tx) => {
    await world.app.get(CreditService, { strict: false }).revokeManually(tx, String(rows[0]?.id), decision);
    back = world.when.stripeSends(then);
    await untilConnectionsBlocked(world.sql);
  });
  await back;
  const kinds = await world.sql.query<{ kind: string }>(
    `SELECT kind FROM credit.entry WHERE user_id = $1 ORDER BY seq`,
    [bert.id],
  );
  expect(kinds.rows.map(({ kind }) => kind)).toEqual(['referral_referred', 'admin_revoke']);
  expect(await world.see.creditDaysOf(anna)).toBe(0);
});
