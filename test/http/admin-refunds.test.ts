import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../support/given.js';
import {
  dispute,
  invoicePayment,
  paymentFor,
  refund,
  type PaidInvoice,
} from '../support/payment-payloads.js';
import { formFieldValue, createStaff, type Staff } from '../support/staff.js';
import { event, invoice } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

/**
 * A payment of $10 for 30 days can become 30 days of credit, in as many parts as one likes, and no
 * more.
 */
describe('credit instead of a refund', () => {
  let world: World;
  let staff: Staff;
  let bert: Person;
  let payment: PaidInvoice;
  let at: number;
  beforeAll(async () => {
    world = await createWorld();
    staff = await createStaff(world);
  });
  afterAll(async () => {
    expect(await world.see.discrepancies()).toEqual([]);
    await world.close();
  });
  beforeEach(async () => {
    bert = await world.given.user();
    await world.given.linkCustomer(bert);
    ({ payment, at } = await pays());
  });

  async function pays() {
    const seconds = world.when.seconds;
    const paid = invoice(bert.payer, seconds);
    const own = paymentFor(String(paid.id));
    await told(
      event('invoice.paid', paid, seconds),
      event('invoice_payment.paid', invoicePayment(own, seconds), seconds),
    );
    return { payment: own, at: seconds };
  }

  async function told(...events: ReturnType<typeof event>[]): Promise<void> {
    for (const one of events) expect((await world.when.stripeSends(one)).status).toBe(200);
  }

  const path = () => `users/${bert.id}/refund-as-credit`;
  const preview = (query = '', person = staff.support) => staff.api('GET', `${path()}?${query}`, person);
  const give = (payload: object, headers?: Record<string, string>) =>
    staff.api('POST', path(), staff.admin, { reason: 'sorry', ...payload }, headers);
  const codeOf = (answer: { json: () => unknown }) => (answer.json() as { code: string }).code;

  it('credit instead of a refund is shown before it is given, with how it is computed', async () => {
    expect((await preview()).json()).toMatchObject({
      payment: {
        id: payment.invoice,
        amountPaid: 1000,
        currency: 'usd',
        remaining: 1000,
        grantedAsCredit: 0,
      },
      amount: 1000,
      days: 30,
      computed: '$10.00 paid for 30 days, so $10.00 equals 30 days.',
    });
    expect((await preview('amount=517')).json()).toMatchObject({ amount: 517, days: 16 });
    const answer = await give({ days: 30 });
    expect([answer.statusCode, answer.json()]).toEqual([
      201,
      expect.objectContaining({ kind: 'refund_as_credit', days: 30, reason: 'sorry' }),
    ]);
    expect(await world.see.creditDaysOf(bert)).toBe(30);
    expect(
      await world.see.count(
        `platform.audit WHERE subject_id = $1 AND action = 'billing.refunded_as_credit' AND actor_id = $2
           AND details @> '{"amount": 1000, "days": 30, "currency": "usd"}'`,
        [bert.id, staff.admin.id],
      ),
    ).toBe(1);
  });

  it('credit instead of a refund takes “4.00” in a query for no number: it would be 4 cents', async () => {
    for (const amount of ['4.00', '4,00', '1e3', '0x10', '+4', '%204'])
      expect([amount, codeOf(await preview(`amount=${amount}`))]).toEqual([amount, 'request.invalid']);
    expect((await preview('amount=4')).json()).toMatchObject({ amount: 4, days: 1 });
  });

  it('credit instead of a refund is never more than what is left, also when it is given at once by many', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => give({ amount: 400, days: 12 })));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 201, 409, 409, 409]);
    expect(await world.see.creditDaysOf(bert)).toBe(24);
    expect((await preview()).json()).toMatchObject({
      amount: 200,
      days: 6,
      payment: { grantedAsCredit: 800 },
    });
    await give({ days: 6 });
    const nothing = await preview();
    expect([nothing.statusCode, codeOf(nothing)]).toEqual([409, 'billing.nothing_left']);
  });

  it('credit instead of a refund is once for a key', async () => {
    const key = { 'idempotency-key': 'once' };
    for (let i = 0; i < 3; i++) expect((await give({ amount: 100, days: 3 }, key)).statusCode).toBe(201);
    expect(await world.see.creditDaysOf(bert)).toBe(3);
  });

  it('credit instead of a refund takes money that went back, is on its way, or is disputed for gone', async () => {
    await told(
      event('refund.created', refund(payment, at, { amount: 100 }), at + 1),
      event('refund.created', refund(payment, at, { amount: 200, status: 'pending' }), at + 2),
      event('refund.created', refund(payment, at, { amount: 300, status: 'failed' }), at + 3),
    );
    expect((await preview()).json()).toMatchObject({ amount: 700, days: 21 });
    expect(codeOf(await preview('amount=701'))).toBe('billing.nothing_left');
    const about = dispute(payment, at);
    await told(event('charge.dispute.created', about, at + 4));
    expect(codeOf(await preview())).toBe('billing.nothing_left');
    await told(event('charge.dispute.closed', { ...about, status: 'won' }, at + 5));
    expect((await preview()).json()).toMatchObject({ amount: 700 });
  });

  it('credit instead of a refund is not given when the statistics have moved since they were shown', async () => {
    await told(event('refund.created', refund(payment, at, { amount: 500 }), at + 1));
    const answer = await give({ days: 30 });
    expect([answer.statusCode, answer.json()]).toEqual([
      409,
      expect.objectContaining({ code: 'billing.preview_changed', days: 15, amount: 500 }),
    ]);
    expect(await world.see.creditDaysOf(bert)).toBe(0);
  });

  it('credit instead of a refund is of the newest payment unless another is named, and only of their own', async () => {
    world.clock.advance(20 * 86_400_000);
    const renewal = await pays();
    expect((await preview()).json()).toMatchObject({ payment: { id: renewal.payment.invoice } });
    expect((await preview(`invoiceId=${payment.invoice}`)).json()).toMatchObject({
      payment: { id: payment.invoice },
    });
    bert = await world.given.user();
    expect((await preview(`invoiceId=${payment.invoice}`)).statusCode).toBe(404);
    expect((await preview()).statusCode).toBe(404);
    expect((await give({ days: 30 })).statusCode).toBe(404);
  });

  it('credit instead of a refund is not guessed at for a payment whose period was not kept', async () => {
    await world.sql.query(`UPDATE billing.invoice SET period_start = NULL, period_end = NULL WHERE id = $1`, [
      payment.invoice,
    ]);
    expect((await preview()).json()).toMatchObject({
      amount: 1000,
      days: null,
      computed: expect.stringContaining('manually'),
    });
    const answer = await give({ days: 30 });
    expect([answer.statusCode, codeOf(answer)]).toEqual([409, 'billing.period_unknown']);
  });

  it('credit instead of a refund is refused with nothing written for fields that are not right, to support, and for a person erased', async () => {
    for (const fields of [
      {},
      { days: 0 },
      { days: '30' },
      { days: 30, amount: 0 },
      { days: 30, amount: 1.5 },
    ])
      expect([fields, (await give(fields)).statusCode]).toEqual([fields, 422]);
    expect((await give({ days: 30, invoiceId: 'a b' })).statusCode).toBe(422);
    for (const query of ['amount=0', 'amount=x', 'invoiceId=%00', 'more=1'])
      expect([query, (await preview(query)).statusCode]).toEqual([query, 422]);
    const payload = { days: 30, reason: 'x' };
    expect((await staff.api('POST', path(), staff.support, payload)).statusCode).toBe(403);
    expect((await preview('', bert)).statusCode).toBe(403);
    await world.sql.query(
      `UPDATE auth."user" SET email = NULL, display_name = NULL, erased_at = created_at WHERE id = $1`,
      [bert.id],
    );
    expect((await give({ days: 30 })).statusCode).toBe(404);
    expect(await world.see.creditDaysOf(bert)).toBe(0);
  });

  it('credit instead of a refund can be taken back like any grant', async () => {
    const { id } = (await give({ days: 30 })).json<{ id: string }>();
    const answer = await staff.api('POST', `credit/${id}/revoke`, staff.admin, { reason: 'a mistake' });
    expect(answer.statusCode).toBe(201);
    expect(await world.see.creditDaysOf(bert)).toBe(0);
    expect(codeOf(await preview())).toBe('billing.nothing_left');
  });

  it('credit instead of a refund is given on pages in two steps, once for each form', async () => {
    expect((await staff.page(`users/${bert.id}`, staff.admin)).body).toContain(`href="/admin/${path()}"`);
    const { body } = await staff.page(`${path()}?amount=5`, staff.admin);
    expect(body).toContain('$5.00 equals 15 days of access.');
    const form = {
      ...Object.fromEntries(
        ['idempotencyKey', 'invoiceId', 'amount', 'days'].map((name) => [name, hidden(body, name)]),
      ),
      reason: 'the outage',
    };
    const sent = await Promise.all(
      Array.from({ length: 4 }, () => staff.submitForm(path(), staff.admin, form)),
    );
    expect(sent.map(({ headers }) => headers.location)).toEqual(
      Array(4).fill(`/admin/users/${bert.id}?done=refunded`),
    );
    expect(await world.see.creditDaysOf(bert)).toBe(15);
    const stale = await staff.submitForm(path(), staff.admin, {
      ...form,
      idempotencyKey: 'other',
      days: '14',
    });
    expect([stale.statusCode, stale.body]).toEqual([409, expect.stringContaining('It is now 15 days')]);
    const much = await staff.page(`${path()}?amount=5.01`, staff.admin);
    expect(much.body).toContain('Only $5.00 of this payment');
    expect((await staff.page(`${path()}?amount=x`, staff.admin)).body).toContain('such as 4.00');
    expect((await staff.page(path(), staff.support)).body).not.toContain('name="reason"');
    expect((await staff.submitForm(path(), staff.support, form)).statusCode).toBe(403);
    bert = await world.given.user();
    expect((await staff.page(path(), staff.admin)).body).toContain('No payment yet');
  });

  /** A field of the second step's form; the first step has fields of the same name. */
  function hidden(body: string, name: string): string {
    return formFieldValue(body.slice(body.indexOf('id="preview"')), name);
  }
});
