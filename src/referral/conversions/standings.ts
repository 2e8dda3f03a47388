import { Injectable } from '@nestjs/common';
import { CreditService, type LedgerLine } from '../../credit/index.js';
import type { Actor } from '../../platform/audit.js';
import { Clock } from '../../platform/clock.js';
import { send } from '../../platform/database/sent.js';
import type { Tx } from '../../platform/database/tx.js';
import { areLimited, Claims } from '../limits/claims.js';
import { Milestones } from '../limits/milestones.js';
import type { Conversion, FirstPayment, Review, StandingReason } from './conversion.js';
import { rewardsOf, type LinkedReferral } from './linked-referral.js';
import {
  isClaimed,
  moneyIn,
  moneyOf,
  sameStanding,
  stateOf,
  verdictOf,
  type Standing,
  type Verdict,
} from './standing.js';
import { StandingTrail } from './standing-trail.js';

/** A conversion that exists; `fresh`: made in this transaction. */
export interface MadeConversion {
  id: string;
  convertedAt: Date;
  fresh: boolean;
}

/** A person's decision about a conversion, with the note that explains it. */
export interface ByHand {
  reverse: boolean;
  actor: Actor;
  noteId?: string;
}

/** A conversion that is being judged: its locked referral, and how it stood so far (null: never looked at). */
interface Case {
  linked: LinkedReferral;
  made: MadeConversion;
  before: Standing | null;
}

interface Change extends Case {
  after: Verdict;
  capped: boolean;
  actor: Actor;
  noteId?: string;
}

/**
 * Whether a conversion stands, recomputed from all that speaks against it, so that the order of the news says nothing.
 * Credit moves only where the answer turns: granted once, then reversed and restored. The referral's row is locked.
 */
@Injectable()
export class Standings {
  constructor(
    private readonly credit: CreditService,
    private readonly claims: Claims,
    private readonly milestones: Milestones,
    private readonly trail: StandingTrail,
    private readonly clock: Clock,
  ) {}

  /** Makes a conversion stand as far as its first payment does. Again: nothing is written. */
  async follow(
    tx: Tx,
    of: Case & { review: Review | null; releaseAt: Date | null; payment: FirstPayment },
  ): Promise<Conversion> {
    const { before, review, releaseAt } = of;
    const money = moneyOf(of.payment, of.linked.linkedAt);
    const after = verdictOf(money, { before, review, releaseAt, now: this.clock.now() });
    return this.change(tx, { ...of, after, capped: before?.capped ?? false, actor: { kind: 'stripe' } });
  }

  /** Makes a conversion stand as its review and the clock say now, with the money as it is. Again: nothing is written. */
  async rejudge(
    tx: Tx,
    of: Case & { before: Standing; review: Review | null; by: Omit<ByHand, 'reverse'> },
  ): Promise<Conversion> {
    const { before, review, by } = of;
    const now = this.clock.now();
    const after = verdictOf(moneyIn(before), { before, review, releaseAt: before.releaseAt, now });
    return this.change(tx, { ...of, after, capped: before.capped, ...by });
  }

  /** Adds a person's reason, or takes it away. Again: nothing is written. */
  async decide(tx: Tx, of: Case & { before: Standing; decision: ByHand }): Promise<Conversion> {
    const { before, decision } = of;
    const others = before.reasons.filter((reason) => reason !== 'by_hand');
    const reasons: StandingReason[] = decision.reverse ? [...others, 'by_hand'] : others;
    reasons.sort();
    const after = { ...before, state: stateOf(reasons, before.holds), reasons };
    return this.change(tx, { ...of, after, capped: before.capped, ...decision });
  }

  private async change(tx: Tx, wanted: Change): Promise<Conversion> {
    if (isSame(wanted)) return this.conversion(wanted);
    const { linked, made, before } = wanted;
    const movesMore = mayMoveMore(wanted);
    const hasMilestones = movesMore && (await this.milestones.lock(tx, linked));
    const change = await this.claim(tx, wanted);
    if (isSame(change)) return this.conversion(change);
    const moved = await this.moveCredit(tx, change);
    const rose = counts(change.after, change.capped);
    const unchanged = movesMore || !rose ? undefined : this.milestones.refuseNew(tx, linked);
    if (isClaimed(before) && !isClaimed(change.after)) await this.claims.giveBack(tx, linked, made.id);
    this.write(tx, change);
    if (hasMilestones && rose !== (before !== null && counts(before, before.capped)))
      await this.milestones.follow(tx, linked, { rose });
    const conversion = this.conversion(change);
    await Promise.all([
      unchanged,
      this.trail.changed(tx, conversion, { ...change, code: linked.code, moved }),
    ]);
    return conversion;
  }

  /** What begins to stand takes its place and its days first; without them it does not stand. */
  private async claim(tx: Tx, change: Change): Promise<Change> {
    const { linked, made, before, after } = change;
    if (isClaimed(before) || !isClaimed(after)) return change;
    const { capped, exhausted } = await this.claims.take(tx, linked, made.id);
    if (!exhausted) return { ...change, capped };
    const reasons: StandingReason[] = [...after.reasons, 'budget_exhausted'];
    reasons.sort();
    return { ...change, after: { ...after, reasons, state: stateOf(reasons, after.holds) } };
  }

  /** Only the first good standing is a grant; later ones give back what was taken. */
  private async moveCredit(tx: Tx, { linked, made, before, after, capped }: Change): Promise<LedgerLine[]> {
    const stood = before?.state === 'good';
    const stands = after.state === 'good';
    if (stood === stands) return [];
    if (!stands) return before === null ? [] : this.credit.reverseRewards(tx, made.id);
    const rewards = rewardsOf(linked, { capped });
    if (before !== null && before.creditedAt !== null)
      return this.credit.restoreRewards(
        tx,
        made.id,
        rewards.map(({ side }) => side),
      );
    return this.credit.grantRewards(tx, { conversionId: made.id, referralId: linked.id }, rewards);
  }

  private write(tx: Tx, { made, after, capped }: Change): void {
    const { state, reasons, flags, holds, invoiceId, releaseAt } = after;
    send(
      tx,
      `INSERT INTO referral.standing AS s (conversion_id, state, reasons, flags, holds, invoice_id, release_at, capped, credited_at, changed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, CASE WHEN $2 = 'good' THEN $9::timestamptz END, $9)
       ON CONFLICT (conversion_id) DO UPDATE SET state = excluded.state, reasons = excluded.reasons, flags = excluded.flags,
         holds = excluded.holds, invoice_id = excluded.invoice_id, release_at = excluded.release_at, capped = excluded.capped,
         credited_at = COALESCE(s.credited_at, excluded.credited_at), changed_at = excluded.changed_at`,
      [made.id, state, reasons, flags, holds, invoiceId, releaseAt, capped, this.clock.now()],
    );
  }

  private conversion({ linked, made, before, after, capped }: Change): Conversion {
    const { id: referralId, referrerId, referredId } = linked;
    const { state, holds, releaseAt } = after;
    const creditedAt = before?.creditedAt ?? (state === 'good' ? this.clock.now() : null);
    return { ...made, referralId, referrerId, referredId, creditedAt, state, holds, releaseAt, capped };
  }
}

function isSame({ before, after }: Change): boolean {
  return before !== null && sameStanding(before, after);
}

/** Whether more may move than the reward of a new conversion: then both accounts are locked before all else. */
function mayMoveMore({ linked: { terms, hasMilestones }, before }: Change): boolean {
  return before !== null || hasMilestones || terms.milestone !== null || areLimited(terms);
}

function counts({ state }: Pick<Verdict, 'state'>, capped: boolean): boolean {
  return state === 'good' && !capped;
}
