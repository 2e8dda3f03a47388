import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import { newId } from '../../platform/ids.js';
import { linkedBeforePayment } from '../codes/code.js';
import { releaseOf } from '../terms/terms.js';
import { countConversion } from './counted-conversions.js';
import { readCaseFile, type OpenCase } from './case-file.js';
import type { Conversion, FirstPayment } from './conversion.js';
import { lockReferral, type LinkedReferral } from './linked-referral.js';
import { Standings, type ByHand, type MadeConversion } from './standings.js';

/** Turns a referral into credit, once, and keeps it in step with what becomes of the payment. */
@Injectable()
export class Conversions {
  constructor(
    private readonly standings: Standings,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a locked referral what its newcomer's first payment says: converted, with both sides credited (at once, or
   * after a hold) under the terms it was made with, as long as nothing speaks against it; reversed or restored otherwise.
   * Null before a payment that meets those terms (`payment` undefined), and for a referral linked only after it. A pause
   * of the programme keeps new referrals out; what was promised before is kept.
   * Again: the existing conversion, with nothing written.
   */
  async convert(
    tx: Tx,
    { linked, made, standing: before, review }: OpenCase,
    payment: FirstPayment | undefined,
  ): Promise<Conversion | null> {
    if (payment === undefined) return null;
    const releaseAt = releaseOf(linked.terms, payment.paidAt);
    if (made !== null)
      return this.standings.follow(tx, {
        ...{ linked, before, review, releaseAt, payment },
        made: { ...made, fresh: false },
      });
    if (!linkedBeforePayment(linked.linkedAt, payment.paidAt)) return null;
    const fresh = await this.insert(tx, linked, payment);
    return (
      fresh && this.standings.follow(tx, { linked, made: fresh, before: null, review, releaseAt, payment })
    );
  }

  /**
   * Makes the conversion of a referral stand as the rules, a review and the clock now say; what its payment said stays.
   * Null before the conversion. Again: nothing is written. Errors: `request.not_found`.
   */
  async rejudge(tx: Tx, referralId: string, by: Omit<ByHand, 'reverse'>): Promise<Conversion | null> {
    const linked = await this.lock(tx, referralId);
    const { made, standing: before, review } = await readCaseFile(tx, { referralId: linked.id });
    if (made === null || before === null) return null;
    return this.standings.rejudge(tx, { linked, made: { ...made, fresh: false }, before, review, by });
  }

  /**
   * Reverses a conversion by hand, or takes that back; every other reason stays as it is. Again: nothing happens.
   * Errors: `request.not_found`; `referral.not_converted` before the first payment.
   */
  async decide(tx: Tx, referralId: string, decision: ByHand): Promise<Conversion> {
    const linked = await this.lock(tx, referralId);
    const { made, standing: before } = await readCaseFile(tx, { referralId: linked.id });
    if (made === null || before === null)
      throw new DomainError('referral.not_converted', {
        detail: 'There is nothing to reverse before the first payment.',
      });
    return this.standings.decide(tx, { linked, made: { ...made, fresh: false }, before, decision });
  }

  private async lock(tx: Tx, referralId: string): Promise<LinkedReferral> {
    const linked = await lockReferral(tx, referralId);
    if (linked === null) throw new DomainError('request.not_found', { detail: 'No such referral.' });
    return linked;
  }

  /** Null when the invoice has converted another referral already: one payment counts once. */
  private async insert(
    tx: Tx,
    linked: LinkedReferral,
    payment: FirstPayment,
  ): Promise<MadeConversion | null> {
    const id = newId(this.clock);
    const now = this.clock.now();
    const rows: unknown[] = await tx.query(
      `INSERT INTO referral.conversion (id, referral_id, referred_id, invoice_id, converted_at)
       VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING id`,
      [id, linked.id, linked.referredId, payment.invoiceId, now],
    );
    if (rows.length === 0) return null;
    countConversion(tx);
    return { id, convertedAt: now, fresh: true };
  }
}
