import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CreditService } from '../../src/credit/credit.service.js';
import { addMs, dayMs, hourMs } from '../../src/platform/durations.js';
import { accountOperations } from '../accounts/account-operations.js';
import { seededRandom, type SeededRandom } from '../proofs/harness/seeded-random.js';
import type { Person } from '../support/given.js';
import {
  dispute,
  invoicePayment,
  paymentFor,
  refund,
  type PaidInvoice,
} from '../support/payment-payloads.js';
import { event, stripeId, subscription } from '../support/stripe-payloads.js';
import { ProductState, type SentEvent } from './product-state.js';
import { Receiver, type ReceivedWebhook } from './receiver.js';
import { createWebhookWorld, operator, type WebhookWorld } from './webhook-world.js';

/**
 * Random histories of people of another product, which learns their access from webhooks through a
 * receiver that fails, hangs, loses answers and restarts, and from the feed, where it often
 * forgets its place. In the end it knows of every person what the API says.
 */
const histories = Number(process.env.TEST_RECEIVER_HISTORIES ?? 4);
const seed = Number(process.env.SEED ?? 4711);

const kinds = [
  ...(['join', 'join', 'pay', 'pay', 'pay', 'pay', 'pay', 'refund', 'refund', 'unrefund'] as const),
  ...(['dispute', 'dispute', 'win', 'end', 'end', 'grant', 'grant', 'grant', 'merge', 'merge'] as const),
  ...(['erase', 'erase', 'wait', 'wait', 'wait', 'wait', 'wait'] as const),
];
type Kind = (typeof kinds)[number];

interface Member extends Person {
  externalId: string;
  code: string;
  payment: PaidInvoice | null;
  refunds: Record<string, unknown>[];
  disputes: Record<string, unknown>[];
}

const receiver = new Receiver();
const seen = new Map<string, number>();
let world: WebhookWorld;
let key: string;
beforeAll(async () => {
  await receiver.open();
  world = await createWebhookWorld({ webhookTimeoutMs: 150 });
  key = await world.given.apiKey('people:read', 'people:write', 'access:read', 'events:read');
  await world.createEndpoint({ url: receiver.url });
});
afterAll(async () => {
  await world.close();
  await receiver.close();
});

it.each(Array.from({ length: histories }, (_, number) => seed + number))(
  'a receiver with faults knows the access of everybody once it is well, as does a reader of the feed (seed %i)',
  async (historySeed) => {
    const random = seededRandom(historySeed);
    const history = new History(random);
    const product = new FaultyReceiver(random);
    const reader = new ForgetfulReader(random, await newestId());
    receiver.answer = (response, webhook) => product.answer(response, webhook);
    await history.begin();
    for (const kind of random.shuffle(kinds)) {
      await history.step(kind);
      await world.runHandlers();
      if (random.integerBelow(10) < 4) await reader.readSome();
    }
    product.isWell = true;
    await deliverEverything();
    await reader.readAll();
    for (const { externalId } of history.members) {
      const access = await accessOf(externalId);
      expect(['webhooks', product.state.accessOf(externalId)]).toEqual(['webhooks', access]);
      expect(['feed', reader.state.accessOf(externalId)]).toEqual(['feed', access]);
    }
    expect(product.faults).toBeGreaterThan(0);
  },
  120_000,
);

it('the histories had all that changes access', () => {
  for (const kind of ['pay', 'refund', 'dispute', 'end', 'grant', 'merge', 'erase', 'wait', 'ran out'])
    expect([kind, seen.get(kind) ?? 0]).not.toEqual([kind, 0]);
});

const pick = <Thing>(random: SeededRandom, things: readonly Thing[]) =>
  things[random.integerBelow(things.length)] as Thing;
const count = (kind: string) => seen.set(kind, (seen.get(kind) ?? 0) + 1);

/** People of the product, and what happens to them. */
class History {
  readonly members: Member[] = [];
  private readonly gone = new Set<Member>();

  constructor(private readonly random: SeededRandom) {}

  async begin(): Promise<void> {
    const inviter = await this.join(null);
    for (let friends = 0; friends < 3; friends++) await this.join(inviter.code);
  }

  /** One thing that happens to a person. */
  async step(kind: Kind): Promise<void> {
    world.clock.set(addMs(world.clock.now(), 2_000));
    const here = this.members.filter((one) => !this.gone.has(one));
    const payers = here.filter(({ payment }) => payment !== null);
    const needsPayer = ['refund', 'unrefund', 'dispute', 'win', 'end'].includes(kind);
    const member = pick(this.random, needsPayer && payers.length > 0 ? payers : here);
    if (await this.apply(kind, member)) count(kind);
  }

  private async apply(kind: Kind, member: Member): Promise<boolean> {
    switch (kind) {
      case 'join':
        await this.join(member.code);
        return true;
      case 'pay':
        return this.pay(member);
      case 'refund':
      case 'unrefund':
        return this.refund(member, kind);
      case 'dispute':
      case 'win':
        return this.dispute(member, kind);
      case 'end':
        return this.end(member);
      case 'grant':
        return this.grant(member);
      case 'merge':
        return this.merge(member);
      case 'erase':
        return this.erase(member);
      default:
        return this.wait();
    }
  }

  private async join(code: string | null): Promise<Member> {
    const externalId = stripeId('host');
    const customer = stripeId('cus');
    const email = `${externalId}@host.example.org`;
    const answer = await world.app.inject({
      method: 'PUT',
      url: `/api/v1/people/${externalId}`,
      headers: { authorization: `Bearer ${key}` },
      payload: {
        ...{ email, emailVerified: true, customers: [{ provider: 'stripe', id: customer }] },
        ...(code === null ? {} : { invitedBy: { code } }),
      },
    });
    const { person, referral } = answer.json<{ person: { id: string }; referral: { code: string } }>();
    const payer = { customer, subscription: stripeId('sub'), userId: null };
    const member = {
      ...{ id: person.id, email, token: '', payer, externalId, code: referral.code },
      ...{ payment: null, refunds: [], disputes: [] },
    };
    this.members.push(member);
    return member;
  }

  private async pay(member: Member): Promise<boolean> {
    const { when } = world;
    const paid = when.invoicePaid(member);
    await when.stripeSends(paid);
    if (member.payment !== null) return true;
    member.payment = paymentFor(String((paid.data.object as { id?: unknown }).id));
    await when.stripeSends(
      event('invoice_payment.paid', invoicePayment(member.payment, when.seconds), when.seconds),
    );
    return true;
  }

  private async refund({ payment, refunds }: Member, kind: 'refund' | 'unrefund'): Promise<boolean> {
    if (payment === null || (kind === 'unrefund' && refunds.length === 0)) return false;
    if (kind === 'refund') refunds.push(refund(payment, world.when.seconds));
    const status = kind === 'refund' ? 'succeeded' : 'failed';
    return this.sendLast(kind === 'refund' ? 'refund.created' : 'refund.failed', refunds, status);
  }

  private async dispute({ payment, disputes }: Member, kind: 'dispute' | 'win'): Promise<boolean> {
    if (payment === null || (kind === 'win' && disputes.length === 0)) return false;
    if (kind === 'dispute') disputes.push(dispute(payment, world.when.seconds));
    return this.sendLast('charge.dispute.updated', disputes, kind === 'win' ? 'won' : 'needs_response');
  }

  private async sendLast(type: string, objects: Record<string, unknown>[], status: string): Promise<boolean> {
    await world.when.stripeSends(event(type, { ...objects.at(-1), status }, world.when.seconds));
    return true;
  }

  private async end({ payer, payment }: Member): Promise<boolean> {
    if (payment === null) return false;
    const at = world.when.seconds;
    const ended = subscription(payer, at, { status: 'canceled', ended_at: at });
    await world.when.stripeSends(event('customer.subscription.deleted', ended, at));
    return true;
  }

  private async grant({ id }: Member): Promise<boolean> {
    const days = this.random.integerBelow(20) + 1;
    await this.unlessRefused(
      world.database.transaction((tx) =>
        world
          .get(CreditService)
          .grantManually(tx, { userId: id, days }, { reason: 'Sorry', actor: operator }),
      ),
    );
    return true;
  }

  private async merge(from: Member): Promise<boolean> {
    const others = this.members.filter((one) => one !== from && !this.gone.has(one));
    if (others.length === 0) return false;
    return this.unlessRefused(accountOperations(world).merge(from, pick(this.random, others)));
  }

  private async erase(member: Member): Promise<boolean> {
    if (this.members.length - this.gone.size < 4) return false;
    const answer = await world.app.inject({
      method: 'DELETE',
      url: `/api/v1/people/${member.externalId}`,
      headers: { authorization: `Bearer ${key}` },
    });
    if (answer.statusCode >= 300) return false;
    this.gone.add(member);
    return true;
  }

  /** In small steps while something is to be sent again, as a worker that runs would see it. */
  private async wait(): Promise<boolean> {
    const before = await endedAccesses();
    for (let hours = this.random.integerBelow(30 * 24); hours > 0;) {
      const step = (await undelivered()) > 0 ? Math.min(hours, 6) : hours;
      world.clock.set(addMs(world.clock.now(), step * hourMs));
      await world.runHandlers();
      hours -= step;
    }
    if ((await endedAccesses()) > before) count('ran out');
    return true;
  }

  /** False where our own rules refused it. */
  private async unlessRefused(work: Promise<unknown>): Promise<boolean> {
    try {
      await work;
      return true;
    } catch (error) {
      expect((error as { code?: string }).code).toMatch(/^(accounts|auth|request|credit)\./);
      return false;
    }
  }
}

/** Fails every third time, and never five times in a row: what fails for days is disabled. */
class FaultyReceiver {
  readonly state = new ProductState();
  isWell = false;
  faults = 0;
  private faultsInARow = 0;
  private isRestarting = false;

  constructor(private readonly random: SeededRandom) {}

  answer(response: ServerResponse, { body }: ReceivedWebhook): void {
    const fault = this.nextFault();
    if (fault === 'none' || fault === 'lose answer') this.state.apply(JSON.parse(body) as SentEvent);
    if (fault === 'none') response.writeHead(204).end();
    else if (fault === 'restart') response.destroy();
    else if (fault !== 'hang') response.writeHead(500).end();
  }

  private nextFault(): (typeof faults)[number] {
    const canFail = !this.isWell && this.faultsInARow < 4;
    const fault = !canFail ? 'none' : this.isRestarting ? 'restart' : pick(this.random, faults);
    this.isRestarting = fault === 'restart';
    this.faultsInARow = fault === 'none' ? 0 : this.faultsInARow + 1;
    if (fault !== 'none') this.faults++;
    return fault;
  }
}

const faults = ['lose', 'lose answer', 'hang', 'restart', ...Array<'none'>(8).fill('none')] as const;

/** Reads the feed page by page, and often goes on from a place that it had stored before. */
class ForgetfulReader {
  readonly state = new ProductState();
  private readonly places: (string | null)[];

  constructor(
    private readonly random: SeededRandom,
    start: string | null,
  ) {
    this.places = [start];
  }

  async readSome(): Promise<void> {
    if (this.random.integerBelow(10) < 3)
      this.places.splice(this.random.integerBelow(this.places.length) + 1);
    for (let pages = this.random.integerBelow(4); pages > 0; pages--) await this.readPage();
  }

  async readAll(): Promise<void> {
    while (await this.readPage());
  }

  private async readPage(): Promise<boolean> {
    const page = await readFeed(this.places.at(-1) ?? null, this.random.integerBelow(20) + 1);
    for (const one of page.items) this.state.apply(one);
    this.places.push(page.lastId);
    return page.hasMore;
  }
}

interface FeedPage {
  items: SentEvent[];
  hasMore: boolean;
  lastId: string | null;
}

async function readFeed(after: string | null, limit: number): Promise<FeedPage> {
  const answer = await world.app.inject({
    url: `/api/v1/events?limit=${limit}${after === null ? '' : `&after=${after}`}`,
    headers: { authorization: `Bearer ${key}` },
  });
  expect(answer.statusCode).toBe(200);
  return answer.json();
}

async function newestId(): Promise<string | null> {
  let page = await readFeed(null, 100);
  while (page.hasMore) page = await readFeed(page.lastId, 100);
  return page.lastId;
}

/** Moves time on until nothing is left to send. */
async function deliverEverything(): Promise<void> {
  await world.runHandlers();
  for (let days = 0; days < 10 && (await undelivered()) > 0; days++) {
    world.clock.set(addMs(world.clock.now(), 1.2 * dayMs));
    await world.runHandlers();
  }
  expect(await undelivered()).toBe(0);
}

const endedAccesses = () =>
  world.see.count(`webhooks.event WHERE type = 'access.changed' AND data->>'active' = 'false'`);
const undelivered = () => world.see.count(`webhooks.delivery WHERE status <> 'delivered'`);

/** What the API says; null for an unknown person. */
async function accessOf(externalId: string): Promise<unknown> {
  const answer = await world.app.inject({
    url: `/api/v1/people/${externalId}/access`,
    headers: { authorization: `Bearer ${key}` },
  });
  if (answer.statusCode === 404) return null;
  const { active, source, until, tier, creditUntil } = answer.json<Record<string, unknown>>();
  return { active, source, until, tier, creditUntil };
}
