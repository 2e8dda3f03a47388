import { expect } from '@jest/globals';
import fc from 'fast-check';
import { CreditService } from '../../../src/credit/credit.service.js';
import { ReferralService } from '../../../src/referral/referral.service.js';
import type { Real, Telling } from './real.js';
import {
  decidedByHand,
  isGranted,
  isRevoked,
  isTold,
  joins,
  timePasses,
  whatIs,
  type Reference,
} from './reference.js';

type Run = (model: Reference, real: Real) => Promise<void>;

/** One step of a history: done to both, and both must say the same afterwards about everybody. */
class Step implements fc.AsyncCommand<Reference, Real> {
  constructor(
    private readonly words: string,
    private readonly isPossible: (model: Reference) => boolean,
    private readonly does: Run,
  ) {}

  check = (model: Readonly<Reference>): boolean => this.isPossible(model);

  async run(model: Reference, real: Real): Promise<void> {
    passes(model, real, 1_000); // so that no two things happen in one second
    await this.does(model, real);
    const meant = Object.fromEntries([...model.people.keys()].map((who) => [who, whatIs(model, who)]));
    expect({ after: this.words, ...(await real.whatIs()) }).toEqual({ after: this.words, ...meant });
  }

  toString = (): string => this.words;
}

function passes(model: Reference, real: Real, ms: number): void {
  real.world.clock.advance(ms);
  timePasses(model, ms);
}

/** Told now, or kept back to be told later. */
async function happens(model: Reference, real: Real, tellings: Telling[], told: boolean): Promise<void> {
  if (!told) return void real.waiting.push(...tellings);
  await real.delivers(tellings);
  for (const { fact } of tellings) isTold(model, fact);
}

const always = () => true;
const names = ['anna', 'bert', 'carl', 'dora', 'emil'];
const who = fc.constantFrom(...names, 'bert', 'bert', 'carl');
const mostly = fc.integer({ min: 0, max: 3 }).map((n) => n > 0);
const which = fc.nat(5);
const present = (name: string) => (model: Reference) => model.people.has(name);
const operator = { reason: 'a history', actor: { kind: 'operator' as const } };

const newcomer = fc.tuple(who, fc.option(who)).map(
  ([name, by]) =>
    new Step(
      `${name} joins, invited by ${by}`,
      (model) => !model.people.has(name) && (by === null || (by !== name && model.people.has(by))),
      async (model, real) => {
        await real.joins(name, by);
        joins(model, name, by);
      },
    ),
);

const payment = fc
  .tuple(who, mostly)
  .map(
    ([name, told]) =>
      new Step(`${name} pays${told ? '' : ', untold'}`, present(name), (model, real) =>
        happens(model, real, real.pays(name), told),
      ),
  );

const subscriptionStatus = fc.constantFrom(
  ...['active', 'past_due', 'past_due', 'trialing', 'unpaid', 'paused', 'canceled'],
);
const subscriptionChange = fc
  .tuple(who, subscriptionStatus, mostly)
  .map(
    ([name, status, told]) =>
      new Step(`${name} is ${status}${told ? '' : ', untold'}`, present(name), (model, real) =>
        happens(model, real, [real.subscriptionIs(name, status)], told),
      ),
  );

const refundStart = fc
  .tuple(which, fc.constantFrom(400, 600, 1_000), fc.constantFrom('pending', 'succeeded'), mostly)
  .map(
    ([n, amount, status, told]) =>
      new Step(
        `refund of ${amount} of payment ${n} is ${status}${told ? '' : ', untold'}`,
        always,
        async (model, real) => {
          const of = real.payments.at(n % Math.max(1, real.payments.length));
          if (of !== undefined) await happens(model, real, [real.startsRefund(of, amount, status)], told);
        },
      ),
  );

const refundMove = fc.tuple(which, fc.constantFrom('succeeded', 'failed'), mostly).map(
  ([n, status, told]) =>
    new Step(`refund ${n} is ${status}${told ? '' : ', untold'}`, always, async (model, real) => {
      const one = real.refunds.at(n % Math.max(1, real.refunds.length));
      if (one !== undefined) await happens(model, real, [real.refundIs(one.of, one.object, status)], told);
    }),
);

const disputeStatus = fc.constantFrom(
  'warning_needs_response',
  'needs_response',
  'under_review',
  'won',
  'lost',
);
const disputeStart = fc.tuple(which, disputeStatus, mostly).map(
  ([n, status, told]) =>
    new Step(
      `a dispute of payment ${n} is ${status}${told ? '' : ', untold'}`,
      always,
      async (model, real) => {
        const of = real.payments.at(n % Math.max(1, real.payments.length));
        if (of !== undefined) await happens(model, real, [real.startsDispute(of, status)], told);
      },
    ),
);

const disputeMove = fc.tuple(which, disputeStatus, mostly).map(
  ([n, status, told]) =>
    new Step(`dispute ${n} is ${status}${told ? '' : ', untold'}`, always, async (model, real) => {
      const one = real.disputes.at(n % Math.max(1, real.disputes.length));
      if (one !== undefined) await happens(model, real, [real.disputeIs(one.of, one.object, status)], told);
    }),
);

const lateTelling = which.map(
  (n) =>
    new Step(`what was kept back is told, from ${n} on`, always, async (model, real) => {
      const late = real.waiting.splice(n % Math.max(1, real.waiting.length), 1);
      await happens(model, real, late, true);
    }),
);

/** At once for each person: of two people who credit a third, the first one to commit has its days used up first. */
const allAtOnce = fc.constant(
  new Step('all that was kept back is told, everybody’s at once', always, async (model, real) => {
    const kept = real.waiting.splice(0);
    for (const name of new Set(kept.map((telling) => telling.who)))
      await happens(
        model,
        real,
        kept.filter((telling) => telling.who === name),
        true,
      );
  }),
);

const again = fc.array(which, { minLength: 1, maxLength: 3 }).map(
  (places) =>
    new Step(`told again: ${places.join()}`, always, async (model, real) => {
      const old = places.flatMap((n) => real.delivered.at(-1 - n) ?? []);
      await happens(model, real, old, true);
    }),
);

const grant = fc.tuple(who, fc.integer({ min: 1, max: 60 })).map(
  ([name, days]) =>
    new Step(`${name} is granted ${days} days`, present(name), async (model, real) => {
      const credit = real.world.app.get(CreditService, { strict: false });
      const line = await real.world.database.transaction((tx) =>
        credit.grantByHand(tx, real.idOf(name), days, operator),
      );
      real.grants.push({ who: name, owner: line.id, entryId: line.id });
      isGranted(model, name, line.id, days);
    }),
);

const revocation = which.map(
  (n) =>
    new Step(`grant ${n} is revoked`, always, async (model, real) => {
      const one = real.grants.at(n % Math.max(1, real.grants.length));
      if (one === undefined) return;
      const credit = real.world.app.get(CreditService, { strict: false });
      await real.world.database.transaction((tx) => credit.revokeByHand(tx, one.entryId, operator));
      isRevoked(model, one.who, one.owner);
    }),
);

const byHand = fc.tuple(who, fc.boolean()).map(
  ([name, reverse]) =>
    new Step(
      `${name}'s conversion is ${reverse ? 'reversed' : 'lifted'} by hand`,
      (model) => (model.people.get(name)?.standing ?? null) !== null,
      async (model, real) => {
        const referrals = real.world.app.get(ReferralService, { strict: false });
        const { rows } = await real.world.sql.query<{ id: string }>(
          `SELECT id FROM referral.referral WHERE referred_id = $1`,
          [real.idOf(name)],
        );
        await real.world.database.transaction(async (tx) => {
          const noteId = await real.note(tx);
          await referrals.decide(tx, String(rows[0]?.id), { reverse, actor: operator.actor, noteId });
        });
        decidedByHand(model, name, reverse);
      },
    ),
);

const time = fc
  .integer({ min: 1, max: 20 * 24 })
  .map(
    (hours) =>
      new Step(`${hours} hours pass`, always, async (model, real) => passes(model, real, hours * 3_600_000)),
  );

/** Histories of at most so many steps, begun by two people of whom one invited the other. */
export function anyHistory(maxCommands: number) {
  return fc.commands(
    [
      newcomer,
      ...[payment, payment, payment],
      subscriptionChange,
      ...[refundStart, refundMove, disputeStart, disputeMove],
      ...[lateTelling, allAtOnce, again],
      ...[grant, revocation, byHand],
      time,
    ],
    { maxCommands, size: 'max' },
  );
}
