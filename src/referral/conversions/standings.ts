import { Injectable } from '@nestjs/common';
import { CreditService, type LedgerLine } from '../../credit/index.js';
import type { Actor } from '../../platform/audit.js';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import type { Conversion, FirstPayment, StandingReason } from './conversion.js';
import { rewardsOf, type LinkedReferral } from './linked-referral.js';
import { sameStanding, standingBy, stateOf, type Standing, type Verdict } from './standing.js';
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
  noteId: string;
}

interface Change {
  linked: LinkedReferral;
  made: MadeConversion;
  before: Standing | null;
  after: Verdict;
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
    private readonly trail: StandingTrail,
    private readonly clock: Clock,
  ) {}

  /** Makes a conversion stand as far as its first payment does. Again: nothing is written. */
  async follow(
    tx: Tx,
    { linked, made, payment }: { linked: LinkedReferral; made: MadeConversion; payment: FirstPayment },
  ): Promise<Conversion> {
    const before = await this.find(tx, made.id);
    const after = standingBy(payment, linked.linkedAt, before?.reasons ?? []);
    return this.change(tx, { linked, made, before, after, actor: { kind: 'stripe' } });
  }

  /** Adds a person's reason, or takes it away. Again: nothing is written. */
  async decide(
    tx: Tx,
    { linked, made, decision }: { linked: LinkedReferral; made: MadeConversion; decision: ByHand },
  ): Promise<Conversion> {
    const before = await this.find(tx, made.id);
    if (before === null) throw new Error(`Conversion ${made.id} has no standing`);
    const others = before.reasons.filter((reason) => reason !== 'by_hand');
    const reasons: StandingReason[] = decision.reverse ? [...others, 'by_hand'] : others;
    reasons.sort();
    const after = { ...before, state: stateOf(reasons), reasons };
    return this.change(tx, { linked, made, before, after, ...decision });
  }

  private async find(tx: Tx, conversionId: string): Promise<Standing | null> {
    const rows: Standing[] = await tx.query(
      `SELECT state, reasons, flags, invoice_id AS "invoiceId", credited_at AS "creditedAt"
       FROM referral.standing WHERE conversion_id = $1`,
      [conversionId],
    );
    return rows[0] ?? null;
  }

  private async change(tx: Tx, change: Change): Promise<Conversion> {
    const { linked, made, before, after } = change;
    const conversion = {
      id: made.id,
      referralId: linked.id,
      referrerId: linked.referrerId,
      referredId: linked.referredId,
      convertedAt: made.convertedAt,
      creditedAt: before?.creditedAt ?? (after.state === 'good' ? this.clock.now() : null),
      state: after.state,
      fresh: made.fresh,
    };
    if (before !== null && sameStanding(before, after)) return conversion;
    const moved = await this.moveCredit(tx, change);
    await this.write(tx, change);
    await this.trail.changed(tx, conversion, { ...change, code: linked.code, moved });
    return conversion;
  }

  /** Only the first good standing is a grant; later ones give back what was taken. */
  private async moveCredit(tx: Tx, { linked, made, before, after }: Change): Promise<LedgerLine[]> {
    const stood = before?.state === 'good';
    const stands = after.state === 'good';
    if (stood === stands) return [];
    if (!stands) return before === null ? [] : this.credit.reverseRewards(tx, made.id);
    if (before !== null && before.creditedAt !== null) return this.credit.restoreRewards(tx, made.id);
    return this.credit.grantRewards(tx, { conversionId: made.id, referralId: linked.id }, rewardsOf(linked));
  }

  private async write(tx: Tx, { made, after }: Change): Promise<void> {
    const { state, reasons, flags, invoiceId } = after;
    await tx.query(
      `INSERT INTO referral.standing AS s (conversion_id, state, reasons, flags, invoice_id, credited_at, changed_at)
       VALUES ($1, $2, $3, $4, $5, CASE WHEN $2 = 'good' THEN $6::timestamptz END, $6)
       ON CONFLICT (conversion_id) DO UPDATE SET state = excluded.state, reasons = excluded.reasons, flags = excluded.flags,
         invoice_id = excluded.invoice_id, credited_at = COALESCE(s.credited_at, excluded.credited_at), changed_at = excluded.changed_at`,
      [made.id, state, reasons, flags, invoiceId, this.clock.now()],
    );
  }
}
