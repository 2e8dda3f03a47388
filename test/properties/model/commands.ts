import { expect } from 'vitest';
import fc from 'fast-check';
import { CreditService } from '../../../src/credit/credit.service.js';
import { RewardStatusService } from '../../../src/referral/conversions/reward-status.service.js';
import type { RealSystem, Delivery } from './real-system.js';
import {
  setManualReversal,
  grantCredit,
  revokeCredit,
  applyFact,
  addUser,
  advanceTime,
  stateOf,
  type ReferenceModel,
} from './reference-model.js';

type Run = (model: ReferenceModel, realSystem: RealSystem) => Promise<void>;

/** One step of a history: done to both, and both must say the same afterwards about everybody. */
class Step implements fc.AsyncCommand<ReferenceModel, RealSystem> {
  constructor(
    private readonly words: string,
    private readonly isPossible: (model: ReferenceModel) => boolean,
    private readonly does: Run,
  ) {}

  check = (model: Readonly<ReferenceModel>): boolean => this.isPossible(model);

  async run(model: ReferenceModel, realSystem: RealSystem): Promise<void> {
    advanceBoth(model, realSystem, 1_000); // so that no two things happen in one second
    await this.does(model, realSystem);
    const meant = Object.fromEntries([...model.people.keys()].map((who) => [who, stateOf(model, who)]));
    expect({ after: this.words, ...(await realSystem.readState()) }).toEqual({ after: this.words, ...meant });
  }

  toString = (): string => this.words;
}

function advanceBoth(model: ReferenceModel, realSystem: RealSystem, ms: number): void {
  realSystem.world.clock.advance(ms);
  advanceTime(model, ms);
}

/** Sent now, or kept back to be sent later. */
async function deliverOrHoldBack(
  model: ReferenceModel,
  realSystem: RealSystem,
  tellings: Delivery[],
  told: boolean,
): Promise<void> {
  if (!told) return void realSystem.heldBack.push(...tellings);
  await realSystem.deliver(tellings);
  for (const { fact } of tellings) applyFact(model, fact);
}

const always = () => true;
const names = ['anna', 'bert', 'carl', 'dora', 'emil'];
const anyUser = fc.constantFrom(...names, 'bert', 'bert', 'carl');
const mostlyTrue = fc.integer({ min: 0, max: 3 }).map((n) => n > 0);
const index = fc.nat(5);
const present = (name: string) => (model: ReferenceModel) => model.people.has(name);
const operator = { reason: 'a history', actor: { kind: 'operator' as const } };

const signUp = fc.tuple(anyUser, fc.option(anyUser)).map(
  ([name, by]) =>
    new Step(
      `${name} joins, invited by ${by}`,
      (model) => !model.people.has(name) && (by === null || (by !== name && model.people.has(by))),
      async (model, real) => {
        await real.addUser(name, by);
        addUser(model, name, by);
      },
    ),
);

const payment = fc
  .tuple(anyUser, mostlyTrue)
  .map(
    ([name, told]) =>
      new Step(`${name} pays${told ? '' : ', untold'}`, present(name), (model, real) =>
        deliverOrHoldBack(model, real, real.pay(name), told),
      ),
  );

const subscriptionStatus = fc.constantFrom(
  ...['active', 'past_due', 'past_due', 'trialing', 'unpaid', 'paused', 'canceled'],
);
const subscriptionChange = fc
  .tuple(anyUser, subscriptionStatus, mostlyTrue)
  .map(
    ([name, status, told]) =>
      new Step(`${name} is ${status}${told ? '' : ', untold'}`, present(name), (model, real) =>
        deliverOrHoldBack(model, real, [real.subscriptionEvent(name, status)], told),
      ),
  );

const refundStart = fc
  .tuple(index, fc.constantFrom(400, 600, 1_000), fc.constantFrom('pending', 'succeeded'), mostlyTrue)
  .map(
    ([n, amount, status, told]) =>
      new Step(
        `refund of ${amount} of payment ${n} is ${status}${told ? '' : ', untold'}`,
        always,
        async (model, real) => {
          const of = real.payments.at(n % Math.max(1, real.payments.length));
          if (of !== undefined)
            await deliverOrHoldBack(model, real, [real.startRefund(of, amount, status)], told);
        },
      ),
  );

const refundMove = fc.tuple(index, fc.constantFrom('succeeded', 'failed'), mostlyTrue).map(
  ([n, status, told]) =>
    new Step(`refund ${n} is ${status}${told ? '' : ', untold'}`, always, async (model, real) => {
      const one = real.refunds.at(n % Math.max(1, real.refunds.length));
      if (one !== undefined)
        await deliverOrHoldBack(model, real, [real.refundEvent(one.of, one.object, status)], told);
    }),
);

const disputeStatus = fc.constantFrom(
  'warning_needs_response',
  'needs_response',
  'under_review',
  'won',
  'lost',
);
const disputeStart = fc.tuple(index, disputeStatus, mostlyTrue).map(
  ([n, status, told]) =>
    new Step(
      `a dispute of payment ${n} is ${status}${told ? '' : ', untold'}`,
      always,
      async (model, real) => {
        const of = real.payments.at(n % Math.max(1, real.payments.length));
        if (of !== undefined) await deliverOrHoldBack(model, real, [real.startDispute(of, status)], told);
      },
    ),
);

const disputeMove = fc.tuple(index, disputeStatus, mostlyTrue).map(
  ([n, status, told]) =>
    new Step(`dispute ${n} is ${status}${told ? '' : ', untold'}`, always, async (model, real) => {
      const one = real.disputes.at(n % Math.max(1, real.disputes.length));
      if (one !== undefined)
        await deliverOrHoldBack(model, real, [real.disputeEvent(one.of, one.object, status)], told);
    }),
);

const lateDelivery = index.map(
  (n) =>
    new Step(`what was kept back is sent, from ${n} on`, always, async (model, real) => {
      const late = real.heldBack.splice(n % Math.max(1, real.heldBack.length), 1);
      await deliverOrHoldBack(model, real, late, true);
    }),
);

/**
 * At once for each person: of two people who credit a third, the first one to commit has its days
 * used up first.
 */
const deliverAllHeldBack = fc.constant(
  new Step('all that was kept back is sent at once', always, async (model, real) => {
    const kept = real.heldBack.splice(0);
    for (const name of new Set(kept.map((telling) => telling.who)))
      await deliverOrHoldBack(
        model,
        real,
        kept.filter((telling) => telling.who === name),
        true,
      );
  }),
);

const redelivery = fc.array(index, { minLength: 1, maxLength: 3 }).map(
  (places) =>
    new Step(`told again: ${places.join()}`, always, async (model, real) => {
      const old = places.flatMap((n) => real.delivered.at(-1 - n) ?? []);
      await deliverOrHoldBack(model, real, old, true);
    }),
);

const grant = fc.tuple(anyUser, fc.integer({ min: 1, max: 60 })).map(
  ([name, days]) =>
    new Step(`${name} is granted ${days} days`, present(name), async (model, real) => {
      const credit = real.world.app.get(CreditService, { strict: false });
      const line = await real.world.database.transaction((tx) =>
        credit.grantManually(tx, { userId: real.idOf(name), days }, operator),
      );
      real.grants.push({ who: name, owner: line.id, entryId: line.id });
      grantCredit(model, name, line.id, days);
    }),
);

const revocation = index.map(
  (n) =>
    new Step(`grant ${n} is revoked`, always, async (model, real) => {
      const one = real.grants.at(n % Math.max(1, real.grants.length));
      if (one === undefined) return;
      const credit = real.world.app.get(CreditService, { strict: false });
      await real.world.database.transaction((tx) => credit.revokeManually(tx, one.entryId, operator));
      revokeCredit(model, one.who, one.owner);
    }),
);

const manualReversal = fc.tuple(anyUser, fc.boolean()).map(
  ([name, reverse]) =>
    new Step(
      `${name}'s conversion is ${reverse ? 'reversed' : 'lifted'} by hand`,
      (model) => (model.people.get(name)?.rewardStatus ?? null) !== null,
      async (model, real) => {
        const rewardStatus = real.world.app.get(RewardStatusService, { strict: false });
        const { rows } = await real.world.sql.query<{ id: string }>(
          `SELECT id FROM referral.referral WHERE referred_id = $1`,
          [real.idOf(name)],
        );
        await real.world.database.transaction(async (tx) => {
          const noteId = await real.note(tx);
          await rewardStatus.setManualReversal(tx, String(rows[0]?.id), {
            reverse,
            actor: operator.actor,
            noteId,
          });
        });
        setManualReversal(model, name, reverse);
      },
    ),
);

const timePassing = fc
  .integer({ min: 1, max: 20 * 24 })
  .map(
    (hours) =>
      new Step(`${hours} hours pass`, always, async (model, real) =>
        advanceBoth(model, real, hours * 3_600_000),
      ),
  );

/** Histories of at most so many steps, begun by two people of whom one invited the other. */
export function anyHistory(maxCommands: number) {
  return fc.commands(
    [
      signUp,
      ...[payment, payment, payment],
      subscriptionChange,
      ...[refundStart, refundMove, disputeStart, disputeMove],
      ...[lateDelivery, deliverAllHeldBack, redelivery],
      ...[grant, revocation, manualReversal],
      timePassing,
    ],
    { maxCommands, size: 'max' },
  );
}
