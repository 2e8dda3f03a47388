import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.js';

/**
 * Several Stripe accounts and both modes may send to one address: only events of our own account
 * and mode count.
 */
let world: World;
let ownKey: string | null;
beforeAll(async () => {
  world = await createWorld();
  ownKey = world.config.stripeSecretKey;
});
afterAll(() => world.close());

const keys: [form: string, key: string | null, mode: 'live' | 'test'][] = [
  ['a live secret key', 'sk_live_51Habcdefgh', 'live'],
  ['a live restricted key', 'rk_live_51Habcdefgh', 'live'],
  ['a test secret key', 'sk_test_51Habcdefgh', 'test'],
  ['a test restricted key', 'rk_test_51Habcdefgh', 'test'],
  ['no key', null, 'test'],
  ['a key of an unknown form', 'key_live_51Habcdefgh', 'test'],
  ['a test key that contains the word of a live one', 'sk_test_sk_live_51', 'test'],
  ['a publishable live key', 'pk_live_51Habcdefgh', 'test'],
];
const modes: [said: string, livemode: unknown, mode: 'live' | 'test' | 'unknown'][] = [
  ['live', true, 'live'],
  ['test', false, 'test'],
  ['no mode', undefined, 'unknown'],
  ['a mode of null', null, 'unknown'],
  ['a mode as text', 'true', 'unknown'],
];
const accounts: [from: string, account: unknown, isOurs: boolean][] = [
  ['our account', undefined, true],
  ['an account of null', null, true],
  ['a connected account', 'acct_1Connected', false],
  ['an empty account', '', false],
];

/** Delivers a payment while our key is `key`. Answers what became of it. */
async function payment(key: string | null, livemode: unknown, account: unknown) {
  const { given, see, when } = world;
  const bert = await given.user();
  world.config.stripeSecretKey = key;
  const sent = { ...when.invoicePaid(bert), livemode, account };
  const { status, outcome, detail } = await when.stripeSends(sent as ReturnType<typeof when.invoicePaid>);
  world.config.stripeSecretKey = ownKey;
  const tier = await see.tierOf(bert);
  return { status, outcome, detail, tier, invoices: await see.count(invoicesOf, [bert.id]) };
}

const invoicesOf = `billing.invoice WHERE user_id = $1`;
const applied = { outcome: 'applied', detail: 'first_payment', tier: 'paid', invoices: 1 };
const ignored = { outcome: 'ignored', tier: 'free', invoices: 0 };

describe('events of another mode or account', () => {
  it.each(keys)('events of another mode or account are ignored with %s', async (_form, key, keyMode) => {
    for (const [said, livemode, eventMode] of modes)
      for (const [from, account, isOurs] of accounts) {
        const right = !isOurs
          ? { ...ignored, detail: 'connected_account' }
          : eventMode === keyMode
            ? applied
            : { ...ignored, detail: 'other_mode' };
        expect([said, from, await payment(key, livemode, account)]).toEqual([
          said,
          from,
          { status: 200, ...right },
        ]);
      }
  });
});
