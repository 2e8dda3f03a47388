import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../support/given.js';
import {
  dispute,
  invoicePayment,
  paymentFor,
  refund,
  type PaidInvoice,
} from '../support/payment-payloads.js';
import { createStaff, type Staff } from '../support/staff.js';
import { event, invoice } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

interface Row {
  id: string;
  status: string;
  reasons: string[];
  flags: string[];
}

const unknownId = '01890000-0000-7000-8000-000000000000';

describe('referrals, as staff see them', () => {
  let world: World;
  let staff: Staff;
  beforeAll(async () => {
    world = await createWorld();
    staff = await createStaff(world);
  });
  afterAll(async () => {
    expect(await world.see.discrepancies()).toEqual([]);
    await world.close();
  });

  /** Anna invited Bert. */
  async function invited(): Promise<{ anna: Person; bert: Person; id: string }> {
    const anna = await world.given.user();
    const bert = await world.given.userInvitedBy(anna);
    const { rows } = await world.sql.query<{ id: string }>(
      `SELECT id FROM referral.referral WHERE referred_id = $1`,
      [bert.id],
    );
    return { anna, bert, id: rows[0]?.id ?? '' };
  }

  /** Anna invited Bert, who has paid. */
  async function converted() {
    const own = await invited();
    world.clock.advance(1);
    const at = world.when.seconds;
    const paid = invoice(own.bert.payer, at);
    const payment: PaidInvoice = paymentFor(String(paid.id));
    await told(
      event('invoice.paid', paid, at),
      event('invoice_payment.paid', invoicePayment(payment, at), at),
    );
    return { ...own, payment, at };
  }

  async function told(...events: ReturnType<typeof event>[]): Promise<void> {
    for (const one of events) expect((await world.when.stripeSends(one)).status).toBe(200);
    await world.runHandlers();
  }

  const decide = (
    id: string,
    deed: 'reverse' | 'restore',
    payload: object,
    headers?: Record<string, string>,
  ) => staff.api('POST', `referrals/${id}/${deed}`, staff.admin, payload, headers);
  const days = async ({ anna, bert }: { anna: Person; bert: Person }) => [
    await world.see.creditDaysOf(anna),
    await world.see.creditDaysOf(bert),
  ];

  it('referrals, as staff see them are listed by status, newest first, page by page', async () => {
    const first = await invited();
    world.clock.advance(1);
    const second = await invited();
    world.clock.advance(1);
    const good = await converted();
    const list = async (query: string) =>
      (await staff.api('GET', `referrals?${query}`, staff.support)).json<{
        items: Row[];
        nextCursor: string | null;
      }>();
    const all = await list('');
    expect(all.items.slice(0, 3).map(({ id, status }) => [id, status])).toEqual([
      [good.id, 'converted'],
      [second.id, 'pending'],
      [first.id, 'pending'],
    ]);
    const page = await list('status=pending&limit=1');
    expect(page.items.map(({ id }) => id)).toEqual([second.id]);
    const next = await list(`status=pending&limit=1&cursor=${String(page.nextCursor)}`);
    expect(next.items.map(({ id }) => id)).toEqual([first.id]);
    for (const query of ['status=gone', 'limit=0', 'cursor=nonsense', 'more=1'])
      expect((await staff.api('GET', `referrals?${query}`, staff.admin)).statusCode).toBe(422);
  });

  it('referrals, as staff see them show both people, the payment with what became of it, the lines of both sides, and the audit', async () => {
    const own = await converted();
    const back = refund(own.payment, own.at + 60);
    world.clock.advance(1);
    await told(event('refund.created', back, own.at + 60));
    expect((await staff.api('GET', `referrals/${own.id}`, staff.support)).json()).toMatchObject({
      referral: {
        id: own.id,
        status: 'reversed',
        reasons: ['refunded'],
        why: 'The first payment was refunded.',
        referrer: { userId: own.anna.id, email: own.anna.email },
        referred: { userId: own.bert.id, email: own.bert.email },
        days: { referrer: 45, referred: 45 },
      },
      payment: {
        id: own.payment.invoice,
        amountPaid: 1000,
        currency: 'usd',
        remaining: 0,
        period: { start: expect.any(String), end: expect.any(String) },
        reversals: [{ id: back.id, kind: 'refund', amount: 1000, status: 'succeeded' }],
      },
      entries: {
        referrer: [
          { kind: 'reversal', days: expect.closeTo(-45, 5) },
          { kind: 'referral_referrer', days: 45 },
        ],
        referred: [
          { kind: 'reversal', days: expect.closeTo(-45, 5) },
          { kind: 'referral_referred', days: 45 },
        ],
      },
      audit: [
        { action: 'referral.reversed' },
        { action: 'referral.converted' },
        { action: 'referral.linked' },
      ],
    });
    for (const id of [unknownId, 'not-an-id'])
      expect((await staff.api('GET', `referrals/${id}`, staff.admin)).statusCode).toBe(404);
  });

  it('referrals, as staff see them are reversed by an admin, once, with a reason that the audit keeps', async () => {
    const own = await converted();
    const answers = await Promise.all(
      ['abuse', 'abuse again'].map((reason) => decide(own.id, 'reverse', { reason })),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    expect(answers[0]?.json()).toMatchObject({ status: 'reversed', reasons: ['manual'] });
    expect(await days(own)).toEqual([0, 0]);
    const { audit } = (await staff.api('GET', `referrals/${own.id}`, staff.admin)).json<{
      audit: { action: string; actorId: string | null; note: string | null }[];
    }>();
    const reversed = audit.filter(({ action }) => action === 'referral.reversed');
    expect(reversed).toEqual([
      expect.objectContaining({ actorId: staff.admin.id, note: expect.stringMatching(/^abuse/) }),
    ]);
    const notes = await world.see.count('platform.note');
    await decide(own.id, 'reverse', { reason: 'once more' });
    expect(await world.see.count('platform.note')).toBe(notes);
    expect((await decide(own.id, 'restore', { reason: 'a mistake' })).json()).toMatchObject({
      status: 'converted',
      reasons: [],
    });
    expect(await days(own)).toEqual([45, 45]);
  });

  it('referrals, as staff see them come back only when nothing else speaks against them', async () => {
    const own = await converted();
    await decide(own.id, 'reverse', { reason: 'looks odd' });
    const about = dispute(own.payment, own.at + 10);
    await told(event('charge.dispute.created', about, own.at + 10));
    expect((await decide(own.id, 'restore', { reason: 'was fine' })).json()).toMatchObject({
      status: 'suspended',
      reasons: ['dispute_open'],
    });
    expect(await days(own)).toEqual([0, 0]);
    await told(event('charge.dispute.closed', { ...about, status: 'won' }, own.at + 20));
    expect(await days(own)).toEqual([45, 45]);
  });

  it('referrals, as staff see them are decided once for a key, and answered the same', async () => {
    const own = await converted();
    const key = { 'idempotency-key': 'reverse-once' };
    await decide(own.id, 'reverse', { reason: 'x' }, key);
    await decide(own.id, 'restore', { reason: 'y' });
    const again = await decide(own.id, 'reverse', { reason: 'x' }, key);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(await days(own)).toEqual([45, 45]);
  });

  it('referrals, as staff see them cannot be reversed before they convert, nor by support', async () => {
    const own = await invited();
    const answer = await decide(own.id, 'reverse', { reason: 'x' });
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([
      409,
      'referral.not_converted',
    ]);
    expect((await decide(unknownId, 'reverse', { reason: 'x' })).statusCode).toBe(404);
    for (const payload of [{}, { reason: ' ' }, { reason: 'x', more: 1 }])
      expect((await decide(own.id, 'reverse', payload)).statusCode).toBe(422);
    for (const person of [staff.support, own.anna]) {
      const refused = await staff.api('POST', `referrals/${own.id}/reverse`, person, { reason: 'x' });
      expect(refused.statusCode).toBe(403);
    }
    expect((await staff.api('GET', 'referrals', own.anna)).statusCode).toBe(403);
  });

  it('referrals, as staff see them are read and decided on pages, which show both why', async () => {
    const own = await converted();
    expect((await staff.page('referrals', staff.support)).body).toContain(`/admin/referrals/${own.id}`);
    expect((await staff.page('referrals?status=suspended&cursor=', staff.support)).body).not.toContain(
      own.id,
    );
    expect((await staff.page(`referrals/${own.id}`, staff.support)).body).not.toContain('name="reason"');
    const empty = await staff.submitForm(`referrals/${own.id}/reverse`, staff.admin, { reason: '' });
    expect([empty.statusCode, empty.body]).toEqual([422, expect.stringContaining('a reason of 1 to 500')]);
    const done = await staff.submitForm(`referrals/${own.id}/reverse`, staff.admin, { reason: 'abuse' });
    expect(done.headers.location).toBe(`/admin/referrals/${own.id}?done=reverse`);
    const { body } = await staff.page(`referrals/${own.id}?done=reverse`, staff.admin);
    for (const words of ['Referral reversed.', 'Our team took the credit back.', 'Lift it', own.bert.email])
      expect(body).toContain(words);
    await world.runHandlers();
    expect(
      await world.see.count(
        `notifications.captured_email WHERE recipient = ANY($1) AND text_part LIKE '%Our team took%'`,
        [[own.anna.email, own.bert.email]],
      ),
    ).toBe(2);
    await staff.submitForm(`referrals/${own.id}/restore`, staff.admin, { reason: 'a mistake' });
    expect(await days(own)).toEqual([45, 45]);
    expect(
      (await staff.submitForm(`referrals/${own.id}/reverse`, staff.support, { reason: 'x' })).statusCode,
    ).toBe(403);
  });
});
