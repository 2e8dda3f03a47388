import { randomUUID } from 'node:crypto';
import { stripeId, type Payer, type StripeEvent } from '../../support/stripe-payloads.js';
import type { World } from '../../support/world.js';

/** Two people made for one telling of a history: Bert came through Anna's link and has a customer and a checkout. */
export interface Cast {
  anna: string;
  bert: string;
  payer: Payer;
  checkout: string;
  /** Unix seconds at which the history begins; the referral was made an hour before. */
  at: number;
}

/** What Stripe tells, in the order in which it happened. */
export type History = (cast: Cast) => StripeEvent[];

/** Makes the people of one telling, straight in the tables: a history is told thousands of times. */
export async function cast(world: World): Promise<Cast> {
  const at = world.when.seconds;
  const [anna, bert] = [randomUUID(), randomUUID()];
  const payer = { customer: stripeId('cus'), subscription: stripeId('sub'), userId: null };
  const checkout = stripeId('cs');
  const before = new Date((at - 3_600) * 1_000);
  await world.sql.query(
    `INSERT INTO auth."user" (id, email, created_at) SELECT id, id || '@example.org', $2 FROM unnest($1::uuid[]) AS p(id)`,
    [[anna, bert], before],
  );
  await world.sql.query(
    `WITH linked AS (
       INSERT INTO referral.referral (id, referrer_id, referred_id, code, terms_version, origin, label, linked_at)
       VALUES ($1, $2, $3, 'ABCDEFGH', 1, 'sign_up', 'b…', $6)
     ), known AS (
       INSERT INTO billing.customer (id, user_id, ours, created_at) VALUES ($4, $3, true, $6)
     )
     INSERT INTO billing.checkout_session (id, user_id, customer_id, price_id, url, created_at, expires_at)
     VALUES ($5, $3, $4, 'price_twofold_monthly', 'http://checkout.test', $6, $6)`,
    [randomUUID(), anna, bert, payer.customer, checkout, before],
  );
  return { anna, bert, payer, checkout, at };
}

/** Random numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The items in an order that `random` decides. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const rest = [...items];
  for (let last = rest.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [rest[last], rest[other]] = [rest[other] as T, rest[last] as T];
  }
  return rest;
}

/** Every order of the items. */
export function* permutationsOf<T>(items: readonly T[]): Generator<T[]> {
  if (items.length === 0) yield [];
  for (const [index, item] of items.entries())
    for (const rest of permutationsOf([...items.slice(0, index), ...items.slice(index + 1)]))
      yield [item, ...rest];
}
