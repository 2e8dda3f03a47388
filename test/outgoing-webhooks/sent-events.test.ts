import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ReviewService } from '../../src/referral/review/review.service.js';
import { AuditLog } from '../../src/platform/audit-log.js';
import { accountOperations } from '../accounts/account-operations.js';
import { refundEvents } from '../accounts/refund-events.js';
import type { Person } from '../support/given.js';
import type { SentEvent } from './product-state.js';
import { Receiver, verified } from './receiver.js';
import { createWebhookWorld, operator, type WebhookWorld } from './webhook-world.js';

/** What a receiver really gets, signed, of things that happen rarely. */
let world: WebhookWorld;
let secret: string;
const receiver = new Receiver();
beforeAll(async () => {
  await receiver.open();
  world = await createWebhookWorld();
  ({ secret } = await world.createEndpoint({ url: receiver.url }));
});
afterAll(async () => {
  await world.close();
  await receiver.close();
});
beforeEach(async () => {
  world.clock.set(new Date());
  await world.runHandlers();
  receiver.reset();
});

/** The data of the events of a type that arrived since the test began. */
async function received(type: string): Promise<Record<string, unknown>[]> {
  await world.runHandlers();
  const events = receiver.received.map((webhook) => verified(secret, webhook) as SentEvent);
  return events.filter((event) => event.type === type).map(({ data }) => data);
}

const publicPerson = ({ id }: Person) => ({ id, externalId: null });

/** Anna, and Bert whom she invited. */
async function couple(): Promise<{ anna: Person; bert: Person; referralId: string }> {
  const anna = await world.given.user();
  const bert = await world.given.userInvitedBy(anna);
  const { rows } = await world.sql.query<{ id: string }>(
    `SELECT id FROM referral.referral WHERE referred_id = $1`,
    [bert.id],
  );
  return { anna, bert, referralId: rows[0]?.id ?? '' };
}

const reject = (referralId: string) =>
  world.database.transaction(async (tx) => {
    const noteId = await world.get(AuditLog).addNote(tx, 'the same household', null);
    await world.get(ReviewService).decide(tx, referralId, { decision: 'rejected', actor: operator, noteId });
  });

it('a refund sends referral.reversed with the days that both lose, and a failed refund referral.restored', async () => {
  const { anna, bert, referralId } = await couple();
  const paid = world.when.invoicePaid(bert);
  await world.when.stripeSends(paid);
  const [credited] = await received('referral.credited');
  const { refunded, failed } = refundEvents(paid, world.when.seconds);
  for (const sent of refunded) await world.when.stripeSends(sent);
  const sides = { referralId, referrer: publicPerson(anna), referred: publicPerson(bert) };
  const daysMoved = (days: number): unknown =>
    expect.arrayContaining([
      { side: 'referrer', person: publicPerson(anna), days },
      { side: 'referred', person: publicPerson(bert), days },
    ]);
  expect(await received('referral.reversed')).toEqual([
    {
      ...sides,
      ...{ conversionId: credited?.conversionId, holds: [], releaseAt: null },
      ...{ state: 'reversed', reasons: ['refunded'], wasCredited: true, moved: daysMoved(-45) },
    },
  ]);
  await world.when.stripeSends(failed);
  expect(await received('referral.restored')).toMatchObject([
    { ...sides, state: 'granted', reasons: ['refunded'], wasCredited: true, moved: daysMoved(45) },
  ]);
});

it('a rejection before the payment sends referral.rejected', async () => {
  const { anna, bert, referralId } = await couple();
  await reject(referralId);
  expect(await received('referral.rejected')).toEqual([
    {
      ...{ referralId, referrer: publicPerson(anna), referred: publicPerson(bert) },
      rejectedAt: world.clock.now().toISOString(),
    },
  ]);
});

it('a merge sends person.merged, and an erasure person.erased with everybody who was part of the person', async () => {
  const [anna, old] = [await world.given.user(), await world.given.user()];
  const merge = await accountOperations(world).merge(old, anna);
  expect(await received('person.merged')).toEqual([
    { mergeId: merge.id, person: publicPerson(anna), mergedPerson: publicPerson(old) },
  ]);
  await accountOperations(world).erase(anna);
  expect(await received('person.erased')).toEqual([
    { person: publicPerson(anna), mergedPeople: [publicPerson(old)] },
  ]);
});

it('a milestone sends credit.granted with its number, and credit.taken once it is not reached any more', async () => {
  await world.given.terms({ milestone_every: 2, milestone_days: 30 });
  const anna = await world.given.user();
  const payments = [];
  for (let friend = 0; friend < 2; friend++) {
    const paid = world.when.invoicePaid(await world.given.userInvitedBy(anna));
    await world.when.stripeSends(paid);
    payments.push(paid);
  }
  const entry = { person: publicPerson(anna), days: 30, reason: 'milestone', ordinal: 2 };
  expect(await received('credit.granted')).toEqual([{ ...entry, entryId: expect.any(String) }]);
  const [paid] = payments;
  if (paid === undefined) throw new Error('Nothing was paid');
  for (const sent of refundEvents(paid, world.when.seconds).refunded) await world.when.stripeSends(sent);
  expect(await received('credit.taken')).toMatchObject([entry]);
});
