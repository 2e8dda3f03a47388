import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStaff, type Staff } from '../support/staff.js';
import { event, stripeId, type StripeEvent } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

interface InboxRow {
  id: string;
  status: string;
  detail: string | null;
}

describe('Stripe’s events, as staff see them', () => {
  let world: World;
  let staff: Staff;
  beforeAll(async () => {
    world = await createWorld();
    staff = await createStaff(world);
  });
  afterAll(() => world.close());

  const list = async (query: string) =>
    (await staff.api('GET', `stripe/events?${query}`, staff.support)).json<{
      items: InboxRow[];
      nextCursor: string | null;
    }>();
  const replay = (id: string, person = staff.admin) =>
    staff.api('POST', `stripe/events/${id}/replay`, person);

  /** A payment of an unknown person: it is parked. */
  async function parked(): Promise<{ sent: StripeEvent; customer: string }> {
    const customer = stripeId('cus');
    const stranger = { customer, subscription: stripeId('sub'), userId: null };
    const bert = await world.given.user();
    const sent = world.when.invoicePaid({ ...bert, payer: stranger });
    expect(await world.when.stripeSends(sent)).toMatchObject({ outcome: 'parked' });
    return { sent, customer };
  }

  it('Stripe’s events, as staff see them are listed newest first, by status and type, page by page, also within one moment', async () => {
    const sent = [];
    for (let i = 0; i < 3; i++) {
      const one = event('customer.created', { id: stripeId('cus') }, world.when.seconds);
      await world.when.stripeSends(one);
      sent.push(one.id);
    }
    world.clock.advance(1_000);
    const { sent: waiting, customer } = await parked();
    const all = await list('');
    expect(all.items[0]).toMatchObject({
      id: waiting.id,
      type: 'invoice.paid',
      status: 'parked',
      detail: 'unknown_user',
      waitingKey: customer,
      failures: 0,
      createdAt: expect.any(String),
      receivedAt: world.clock.now().toISOString(),
    });
    expect((await list('status=parked')).items.map(({ id }) => id)).toEqual([waiting.id]);
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await list(`type=customer.created&limit=1${cursor}`);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(sent.sort().reverse());
  });

  it.each(['status=gone', 'type=%00', 'cursor=nonsense', 'limit=0', 'more=1'])(
    'Stripe’s events, as staff see them asked for with %p are refused with 422',
    async (query) =>
      expect((await staff.api('GET', `stripe/events?${query}`, staff.admin)).statusCode).toBe(422),
  );

  it('Stripe’s events, as staff see them are shown with their payload', async () => {
    const { sent } = await parked();
    const { json } = await staff.api('GET', `stripe/events/${sent.id}`, staff.support);
    expect(json()).toMatchObject({
      id: sent.id,
      status: 'parked',
      payload: { id: sent.id, object: 'event' },
    });
    for (const id of [stripeId('evt'), 'a%20b', '%00'])
      expect((await staff.api('GET', `stripe/events/${id}`, staff.admin)).statusCode).toBe(404);
  });

  it('Stripe’s events, as staff see them are replayed by an admin, with a note of who did', async () => {
    const { sent, customer } = await parked();
    expect((await replay(sent.id)).json()).toEqual({ outcome: 'parked', detail: 'unknown_user' });
    const bert = await world.given.user();
    await world.sql.query(
      `INSERT INTO billing.customer (id, user_id, used_for_checkout, created_at) VALUES ($1, $2, true, $3)`,
      [customer, bert.id, world.clock.now()],
    );
    const answer = await replay(sent.id);
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      { outcome: 'applied', detail: 'first_payment' },
    ]);
    expect(await world.see.tierOf(bert)).toBe('paid');
    expect((await replay(sent.id)).json()).toEqual({ outcome: 'applied', detail: 'already' });
    expect(
      await world.see.count(
        `platform.audit WHERE action = 'billing.event_replayed' AND actor_id = $1 AND details->>'eventId' = $2`,
        [staff.admin.id, sent.id],
      ),
    ).toBe(3);
  });

  it('Stripe’s events, as staff see them are not replayed by support, nor when no one knows them', async () => {
    const { sent } = await parked();
    expect((await replay(sent.id, staff.support)).statusCode).toBe(403);
    expect((await replay(stripeId('evt'))).statusCode).toBe(404);
  });

  it('Stripe’s events, as staff see them whose object Stripe cannot be asked for stay as they are, and say so', async () => {
    const { given, when } = world;
    const bert = await given.user();
    await given.linkCustomer(bert);
    const odd = when.invoicePaid(bert, { parent: undefined });
    expect(await when.stripeSends(odd)).toMatchObject({ outcome: 'parked', detail: 'unknown_shape' });
    const answer = await replay(odd.id);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([
      502,
      'billing.stripe_unreachable',
    ]);
    expect((await list('status=parked')).items.map(({ id }) => id)).toContain(odd.id);
    const page = await staff.submitForm(`events/${odd.id}/replay`, staff.admin, {});
    expect([page.statusCode, page.body]).toEqual([502, expect.stringContaining('Replay')]);
  });

  it('Stripe’s events, as staff see them are read and replayed on pages', async () => {
    const { sent } = await parked();
    expect((await staff.page('events?status=parked', staff.support)).body).toContain(sent.id);
    expect((await staff.page('events?type=nothing.like.it', staff.support)).body).toContain('No event');
    expect((await staff.page(`events/${sent.id}`, staff.support)).body).not.toContain('/replay');
    expect((await staff.page(`events/${sent.id}`, staff.admin)).body).toContain(
      '&quot;object&quot;: &quot;event&quot;',
    );
    const done = await staff.submitForm(`events/${sent.id}/replay`, staff.admin, {});
    expect(done.headers.location).toBe(`/admin/events/${sent.id}?replayed=parked`);
    expect((await staff.page(`events/${sent.id}?replayed=parked`, staff.admin)).body).toContain(
      'still parked',
    );
    for (const path of ['events/unknown', 'events/%00'])
      expect((await staff.page(path, staff.admin)).statusCode).toBe(404);
  });
});
