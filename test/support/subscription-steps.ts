import { DeferralService } from '../../src/billing/deferrals/deferral.service.js';
import { CreditService } from '../../src/credit/credit.service.js';
import { bearer, type Person } from './given.js';
import type { SandboxWorld } from './sandbox-world.js';

export const daySeconds = 86_400;
const operator = { reason: 'a journey', actor: { kind: 'operator' as const } };

/** People with a subscription at a stand's Stripe, and credit that puts their next charge off. */
export function subscriptionSteps(sandboxWorld: () => SandboxWorld) {
  const credit = () => sandboxWorld().world.app.get(CreditService, { strict: false });

  /** When the next charge of a subscription is due, in unix seconds. */
  async function chargeOf(id: string): Promise<number> {
    const subscription = await sandboxWorld().stripe.subscriptions.retrieve(id);
    return subscription.items.data[0]?.current_period_end ?? 0;
  }

  return {
    chargeOf,
    deferrals: () => sandboxWorld().world.app.get(DeferralService, { strict: false }),

    /** A person who has paid for a month, without a referral. */
    async subscriber(): Promise<{ person: Person; id: string; paidUntil: number }> {
      const person = await sandboxWorld().world.given.user();
      const id = await sandboxWorld().subscribe(person);
      await sandboxWorld().deliverEvents();
      return { person, id, paidUntil: await chargeOf(id) };
    },

    /** Days of access that credit gives a person over having none. */
    async usefulDays(person: Person): Promise<number> {
      const answer = await sandboxWorld().world.app.inject({
        url: '/api/v1/credit',
        headers: bearer(person),
      });
      return answer.json<{ usefulDays: number }>().usefulDays;
    },

    async give(person: Person, days: number): Promise<string> {
      const line = await sandboxWorld().world.database.transaction((tx) =>
        credit().grantManually(tx, { userId: person.id, days }, operator),
      );
      return line.id;
    },

    async revoke(entryId: string): Promise<void> {
      await sandboxWorld().world.database.transaction((tx) => credit().revokeManually(tx, entryId, operator));
    },
  };
}
