import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Twofold,
  TwofoldError,
  verifyWebhook,
  type EventData,
  type EventType,
  type TwofoldEvent,
} from '../../clients/typescript/src/index.js';
import { refundEvents } from '../accounts/refund-events.js';
import { event, invoice, stripeId, type StripeEvent } from '../support/stripe-payloads.js';
import { Receiver, type ReceivedWebhook } from '../outgoing-webhooks/receiver.js';
import { ssoIssuer, ssoSecret } from '../support/sso-links.js';
import { createWebhookWorld, eventId, type WebhookWorld } from '../outgoing-webhooks/webhook-world.js';

let world: WebhookWorld;
let twofold: Twofold;
/** The same, whose pages are so short that few items fill several. */
let withShortPages: Twofold;
const itemsOfPage = 2;
let baseUrl: string;
const receiver = new Receiver();
beforeAll(async () => {
  await receiver.open();
  world = await createWebhookWorld({
    ...{ linkTarget: 'https://app.example/?ref={code}' },
    ...{ ssoSecrets: [ssoSecret], ssoIssuer },
  });
  await world.app.listen(0, '127.0.0.1');
  baseUrl = await world.app.getUrl();
  const apiKey = await world.given.apiKey(
    ...(['people:read', 'people:write', 'access:read', 'credit:write', 'events:read'] as const),
    'webhooks:manage',
  );
  twofold = new Twofold({ baseUrl, apiKey });
  const shorten: typeof fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.searchParams.has('limit')) url.searchParams.set('limit', String(itemsOfPage));
    return fetch(url, init);
  };
  withShortPages = new Twofold({ baseUrl, apiKey, fetch: shorten });
});
afterAll(async () => {
  await world.close();
  await receiver.close();
});

async function readAll<T>(list: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return items;
}

let count = 0;
const newId = () => `user-${++count}`;
const put = (id: string, more = {}) =>
  twofold.people.put(id, { email: `${id}@host.example.org`, emailVerified: true, ...more });

async function payThroughStripe(customer: string): Promise<StripeEvent> {
  const payer = { customer, subscription: stripeId('sub'), userId: null };
  const { seconds } = world.when;
  const paid = event('invoice.paid', invoice(payer, seconds), seconds);
  await world.when.stripeSends(paid);
  await world.runHandlers();
  return paid;
}

/** Anna, and Bert whom she invited and who has paid. */
async function creditedCouple(): Promise<{ anna: string; bert: string; paid: StripeEvent }> {
  const [anna, bert] = [newId(), newId()];
  const customer = stripeId('cus');
  const { referral } = await put(anna);
  const customers = [{ provider: 'stripe' as const, id: customer }];
  const saved = await put(bert, { customers, invitedBy: { code: referral.code, at: world.clock.now() } });
  expect(saved.invitation).toBe('linked');
  return { anna, bert, paid: await payThroughStripe(customer) };
}

describe('people', () => {
  it('a person is saved, read and erased', async () => {
    const id = newId();
    const saved = await put(id, { displayName: 'Anna', createdAt: world.clock.now() });
    expect(saved.referral.link).toBe(`https://app.example/?ref=${saved.referral.code}`);
    expect(await twofold.people.get(id)).toEqual(saved.person);
    await twofold.people.delete(id);
    const error: unknown = await twofold.people.get(id).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TwofoldError);
    expect(error).toMatchObject({ status: 404, code: 'request.not_found' });
  });

  it('a refused field is in the errors, with the id of the request', async () => {
    const refused = twofold.people.put(newId(), { email: 'no address', emailVerified: true });
    await expect(refused).rejects.toMatchObject({
      status: 422,
      code: 'request.invalid',
      errors: [{ path: 'email', message: expect.any(String) }],
      requestId: expect.any(String),
    });
  });

  it('both are credited, and the access, referral, invites and credit of each can be read', async () => {
    const { anna, bert } = await creditedCouple();
    expect(await twofold.people.access(anna)).toMatchObject({ active: true, source: 'credit' });
    expect(await twofold.people.credit(anna)).toMatchObject({ daysLeft: 45, entries: [{ days: 45 }] });
    expect(await twofold.people.credit(bert)).toMatchObject({ entries: [{ kind: 'referral_referred' }] });
    expect(await twofold.people.referral(anna)).toMatchObject({ counts: { converted: 1 } });
    const invites = await readAll(twofold.people.invites(anna));
    expect(invites).toMatchObject([{ status: 'converted', daysEarned: 45 }]);
    const { items, unknown } = await twofold.people.accessOfMany([anna, 'unknown', bert]);
    expect(items.map(({ externalId }) => externalId)).toEqual([anna, bert]);
    expect(unknown).toEqual(['unknown']);
  });

  it('the access is answered with an etag, and null for as long as it has not changed', async () => {
    const id = newId();
    await put(id);
    const { etag, revision } = await twofold.people.access(id);
    expect(await twofold.people.access(id, { etag })).toBeNull();
    await twofold.people.giveCredit(id, { days: 3, reason: 'sorry' });
    const changed = await twofold.people.access(id, { etag });
    expect(changed).toMatchObject({ active: true, source: 'credit' });
    expect(changed?.revision).toBeGreaterThan(revision);
  });

  it('the access of more than a hundred people is asked for in parts', async () => {
    const ids = Array.from({ length: 205 }, (_, index) => `unknown-${index}`);
    expect((await twofold.people.accessOfMany(ids)).unknown).toEqual(ids);
  });

  it('credit is given once for each key', async () => {
    const id = newId();
    await put(id);
    const give = (idempotencyKey?: string) =>
      twofold.people.giveCredit(id, { days: 2, reason: 'sorry' }, { idempotencyKey });
    const first = await give('ticket-1');
    expect(await give('ticket-1')).toEqual(first);
    await give();
    await give();
    expect((await twofold.people.credit(id)).entries).toHaveLength(3);
  });

  it('invites are read over pages', async () => {
    const anna = newId();
    const { code } = (await put(anna)).referral;
    const friends = Array.from({ length: 2 * itemsOfPage + 1 }, () => {
      const id = newId();
      return { externalId: id, email: `${id}@host.example.org`, emailVerified: true, invitedBy: { code } };
    });
    await twofold.people.putMany(friends);
    const ids = new Set<string>();
    for await (const { id } of withShortPages.people.invites(anna)) ids.add(id);
    expect(ids.size).toBe(friends.length);
  });

  it('many people are saved a thousand at a time, and each has its outcome', async () => {
    const sent: number[] = [];
    const counting = new Twofold({
      baseUrl,
      apiKey: await world.given.apiKey('people:write'),
      fetch: (input, init) => {
        sent.push((JSON.parse(String(init?.body)) as { items: unknown[] }).items.length);
        return fetch(input, init);
      },
    });
    // refused before any is stored, so that this takes no time
    async function* people() {
      for (let index = 0; index < 1_205; index++)
        yield {
          externalId: `many-${index}`,
          email: index === 1_204 ? 'many@example.org' : '',
          emailVerified: true,
        };
    }
    const outcomes = await counting.people.putMany(people());
    expect(sent).toEqual([1_000, 205]);
    expect(outcomes).toHaveLength(1_205);
    expect(outcomes[7]).toMatchObject({
      externalId: 'many-7',
      result: 'failed',
      problem: { code: 'request.invalid' },
    });
    expect(outcomes[1_204]).toMatchObject({ externalId: 'many-1204', result: 'created', problem: null });
    expect(await counting.people.putMany([])).toEqual([]);
  });
});

describe('events', () => {
  const typesOf = (events: TwofoldEvent[]) => events.map(({ type }) => type);

  it('the feed is read from an event on, over pages, up to the newest', async () => {
    const before = await readAll(twofold.events.list());
    for (let number = 1; number <= 12; number++) await world.publish(number);
    const { anna, bert } = await creditedCouple();
    const events = await readAll(withShortPages.events.list({ after: eventId(4) }));
    expect(events.filter(({ id }) => /^evt_0{20}/.test(id))).toHaveLength(8);
    expect(typesOf(events.slice(8))).toEqual(
      expect.arrayContaining(['referral.linked', 'referral.converted', 'referral.credited']),
    );
    for await (const { data, type } of twofold.events.list({
      type: 'referral.credited',
      after: eventId(12),
    })) {
      expect(type).toBe('referral.credited');
      expect([data.referrer?.externalId, data.referred.externalId]).toEqual([anna, bert]);
      expect(data.credited.map(({ person, days }) => [person.externalId, days])).toEqual(
        expect.arrayContaining([
          [anna, 45],
          [bert, 45],
        ]),
      );
    }
    const last = events.at(-1)?.id;
    expect(await readAll(twofold.events.list({ after: last }))).toEqual([]);
    expect((await readAll(twofold.events.list())).length).toBeGreaterThan(before.length + 12);
  });

  it('a reader of a type that never occurs keeps its place, and goes on after older events are deleted', async () => {
    for (let number = 21; number <= 25; number++) await world.publish(number);
    const places = [];
    const rare = { type: 'referral.rejected' } as const;
    for await (const { items, lastId } of withShortPages.events.pages({ ...rare, after: eventId(21) })) {
      expect(items).toEqual([]);
      places.push(lastId);
    }
    expect(places).toEqual([eventId(25)]);
    await world.sql.query(`DELETE FROM webhooks.event WHERE id = ANY ($1)`, [[21, 22, 23, 24].map(eventId)]);
    await world.publish(26);
    const [place] = places;
    expect(await readAll(twofold.events.pages({ ...rare, after: place ?? undefined }))).toEqual([
      { items: [], lastId: eventId(26) },
    ]);
    expect(await readAll(twofold.events.list({ ...rare, after: eventId(26) }))).toEqual([]);
  });

  it('an event that is not stored is an error with its code', async () => {
    const feed = twofold.events.list({ after: `evt_${'f'.repeat(32)}` });
    await expect(feed.next()).rejects.toMatchObject({ status: 410, code: 'webhooks.event_gone' });
  });
});

describe('webhooks', () => {
  it('an endpoint is added, tested, listed, changed, given a new secret and deleted', async () => {
    const created = await twofold.webhookEndpoints.create({ url: receiver.url, events: ['credit.granted'] });
    const { id, secret, ...shown } = created;
    expect(await twofold.webhookEndpoints.get(id)).toEqual({ id, ...shown });
    expect(await readAll(twofold.webhookEndpoints.list())).toContainEqual({ id, ...shown });
    expect(await twofold.webhookEndpoints.test(id)).toMatchObject({ accepted: true, status: 204 });
    expect(verify(secret, receiver.received.at(-1))).toMatchObject({
      type: 'webhook.test',
      data: { endpointId: id },
    });

    const person = newId();
    await put(person);
    await twofold.people.giveCredit(person, { days: 2, reason: 'sorry' });
    await world.runHandlers();
    const [delivery] = await readAll(twofold.webhookEndpoints.deliveries(id, { status: 'delivered' }));
    expect(delivery).toMatchObject({ type: 'credit.granted', attempts: 1 });
    await twofold.webhookEndpoints.redeliver(String(delivery?.id));
    await world.runHandlers();
    const [first, second] = receiver.received.slice(-2).map((one) => verify(secret, one));
    expect(first).toEqual(second);
    if (first?.type !== 'credit.granted') throw new Error('another type');
    expect(first.id).toBe(delivery?.eventId);
    expect([first.data.person.externalId, first.data.days, first.data.reason]).toEqual([person, 2, 'manual']);

    const changed = await twofold.webhookEndpoints.update(id, { description: 'ours', events: null });
    expect(changed).toMatchObject({ description: 'ours', events: null });
    expect((await twofold.webhookEndpoints.rotateSecret(id)).secret).not.toBe(secret);
    await twofold.webhookEndpoints.delete(id);
    expect(await readAll(twofold.webhookEndpoints.list())).toEqual([]);
  });

  const verify = (secret: string, webhook: ReceivedWebhook | undefined) => {
    if (webhook === undefined) throw new Error('No webhook arrived');
    const event = verifyWebhook(secret, webhook.headers, webhook.body);
    const headers = new Headers(webhook.headers as Record<string, string>);
    const bytes = new TextEncoder().encode(webhook.body);
    for (const body of [bytes, bytes.buffer, Buffer.from(webhook.body)])
      expect(verifyWebhook(secret, headers, body)).toEqual(event);
    return event;
  };

  it('a webhook is refused with another secret, a changed body, an old time or no signature', async () => {
    const { id, secret } = await twofold.webhookEndpoints.create({ url: receiver.url });
    await twofold.webhookEndpoints.test(id);
    const { headers, body } = receiver.received.at(-1) ?? { headers: {}, body: '' };
    const refused = (change: { secret?: string; headers?: object; body?: string }) => {
      const all = { secret, ...change, headers: { ...headers, ...change.headers } };
      try {
        return verifyWebhook(all.secret, all.headers, change.body ?? body);
      } catch (error) {
        if (!(error instanceof TwofoldError)) throw error;
        return [error.status, error.code];
      }
    };
    expect(refused({})).toMatchObject({ type: 'webhook.test' });
    const isRefused = [400, 'client.bad_signature'];
    expect(refused({ secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' })).toEqual(isRefused);
    expect(refused({ body: body.replace('webhook.test', 'credit.granted') })).toEqual(isRefused);
    expect(refused({ headers: { 'webhook-id': 'evt_other' } })).toEqual(isRefused);
    expect(refused({ headers: { 'webhook-timestamp': '1700000000' } })).toEqual(isRefused);
    expect(refused({ headers: { 'webhook-signature': undefined } })).toEqual(isRefused);
    // a mistake of the receiver is no bad webhook
    for (const wrong of [undefined, '', 'tfk_1_secret'])
      expect(() => verifyWebhook(wrong as string, headers, body)).toThrow(TypeError);
    expect(() => verifyWebhook(secret, headers, JSON.parse(body) as string)).toThrow(TypeError);
    await twofold.webhookEndpoints.delete(id);
  });
});

/** Every field of a type of event, and no other: a type that differs does not compile. */
type Fields<T extends EventType> = Record<keyof EventData[T], true>;

it('the types of events have the fields that events have', async () => {
  const referral = { referralId: true, referrer: true, referred: true } as const;
  const conversion = { ...referral, conversionId: true, holds: true, releaseAt: true } as const;
  const status = { state: true, reasons: true } as const;
  const linked: Fields<'referral.linked'> = referral;
  const converted: Fields<'referral.converted'> = {
    ...{ ...conversion, ...status, convertedAt: true, isCapped: true, promised: true },
  };
  const credited: Fields<'referral.credited'> = { ...conversion, credited: true };
  const reversed: Fields<'referral.reversed'> = { ...conversion, ...status, wasCredited: true, moved: true };
  const erased: Fields<'person.erased'> = { person: true, mergedPeople: true };

  const last = (await readAll(twofold.events.list())).at(-1)?.id;
  const { anna, paid } = await creditedCouple();
  const { refunded } = refundEvents(paid, world.when.seconds);
  for (const one of refunded) await world.when.stripeSends(one);
  await twofold.people.delete(anna);
  await world.runHandlers();
  const events = await readAll(twofold.events.list({ after: last }));
  expect(Object.fromEntries(events.map(({ type, data }) => [type, Object.keys(data).sort()]))).toMatchObject({
    'referral.linked': Object.keys(linked).sort(),
    'referral.converted': Object.keys(converted).sort(),
    'referral.credited': Object.keys(credited).sort(),
    'referral.reversed': Object.keys(reversed).sort(),
    'person.erased': Object.keys(erased).sort(),
  });
});

describe('an SSO link', () => {
  const asked = (externalId: string, more = {}) =>
    twofold.ssoLink({
      ...{ externalId, secret: ssoSecret, issuer: ssoIssuer, baseUrl: `${world.config.baseUrl}/` },
      ...more,
    });
  const open = async (link: string) => {
    const { pathname, search } = new URL(link);
    return world.app.inject({ url: `${pathname}${search}`, headers: { accept: 'text/html' } });
  };

  it('signs a person in once, and leads to a page', async () => {
    world.clock.set(new Date()); // that of the machine, by which the link is signed
    const id = newId();
    await put(id);
    const link = await asked(id, { next: '/settings?a=1#invites' });
    expect(link).toMatch(new RegExp(`^${world.config.baseUrl}/sso\\?token=`));
    const [first, second] = [await open(link), await open(link)];
    expect([first.statusCode, first.headers.location]).toEqual([303, '/settings?a=1#invites']);
    expect([second.statusCode, (await open(await asked(id))).headers.location]).toEqual([410, '/settings']);
    const ownBase = await twofold.ssoLink({ externalId: id, secret: ssoSecret, issuer: ssoIssuer });
    expect(ownBase.startsWith(`${baseUrl}/sso?token=`)).toBe(true);
  });

  it('is refused for a person who is unknown, and with another secret or issuer', async () => {
    const id = newId();
    await put(id);
    for (const link of [
      await asked('nobody-knows'),
      await asked(id, { secret: 'x'.repeat(32) }),
      await asked(id, { issuer: 'https://evil.example' }),
    ])
      expect((await open(link)).statusCode).toBe(401);
    await expect(asked(id, { secret: 'short' })).rejects.toThrow(TypeError);
  });
});
