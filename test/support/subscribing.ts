import { Deferrals } from '../../src/billing/deferrals/deferrals.js';
import { CreditService } from '../../src/credit/credit.service.js';
import { bearer, type Person } from './given.js';
import type { StripeStand } from './stripe-stand.js';

export const daySeconds = 86_400;
const operator = { reason: 'a journey', actor: { kind: 'operator' as const } };

/** People with a subscription at a stand's Stripe, and credit that puts their next charge off. */
export function subscribing(stand: () => StripeStand) {
  const credit = () => stand().world.app.get(CreditService, { strict: false });

  /** When the next charge of a subscription is due, in unix seconds. */
  async function chargeOf(id: string): Promise<number> {
    const subscription = await stand().stripe.subscriptions.retrieve(id);
    return subscription.items.data[0]?.current_period_end ?? 0;
  }

  return {
    chargeOf,
    deferrals: () => stand().world.app.get(Deferrals, { strict: false }),

    /** Somebody who has paid for a month, and owes nobody a reward. */
    async subscriber(): Promise<{ person: Person; id: string; paidUntil: number }> {
      const person = await stand().world.given.user();
      const id = await stand().subscribe(person);
      await stand().relay();
      return { person, id, paidUntil: await chargeOf(id) };
    },

    /** Days of access that credit gives somebody over having none. */
    async usefulDays(person: Person): Promise<number> {
      const answer = await stand().world.app.inject({ url: '/api/v1/credit', headers: bearer(person) });
      return answer.json<{ usefulDays: number }>().usefulDays;
    },

    async give(person: Person, days: number): Promise<string> {
      const line = await stand().world.database.transaction((tx) =>
        credit().grantByHand(tx, person.id, days, operator),
      );
      return line.id;
    },

    async revoke(entryId: string): Promise<void> {
      await stand().world.database.transaction((tx) => credit().revokeByHand(tx, entryId, operator));
    },
  };
}
