import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import { newId } from '../../platform/ids.js';
import { linkedBeforePayment } from '../codes/code.js';
import type { Conversion, FirstPayment } from './conversion.js';
import { lockReferral, lockReferralOf, type LinkedReferral } from './linked-referral.js';
import { Standings, type ByHand, type MadeConversion } from './standings.js';

/** Turns a referral into credit, once, and keeps it in step with what becomes of the payment. */
@Injectable()
export class Conversions {
  constructor(
    private readonly standings: Standings,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes the referral of `referredId` what their first payment says: converted, with both sides credited under the
   * terms it was made with, as long as nothing speaks against that payment; reversed or restored otherwise.
   * Null for a direct sign-up, and for a referral linked only after the payment. A pause of the programme keeps
   * new referrals out; what was promised before is kept.
   * Again: the existing conversion, with nothing written.
   */
  async convert(tx: Tx, referredId: string, payment: FirstPayment): Promise<Conversion | null> {
    const linked = await lockReferralOf(tx, referredId);
    if (linked === null) return null;
    const existing = await this.existing(tx, linked);
    if (existing !== null) return this.standings.follow(tx, { linked, made: existing, payment });
    if (!linkedBeforePayment(linked.linkedAt, payment.paidAt)) return null;
    const made = await this.insert(tx, linked, payment);
    return made && this.standings.follow(tx, { linked, made, payment });
  }

  /**
   * Reverses a conversion by hand, or takes that back; every other reason stays as it is. Again: nothing happens.
   * Errors: `request.not_found`; `referral.not_converted` before the first payment.
   */
  async decide(tx: Tx, referralId: string, decision: ByHand): Promise<Conversion> {
    const linked = await lockReferral(tx, referralId);
    if (linked === null) throw new DomainError('request.not_found', { detail: 'No such referral.' });
    const made = await this.existing(tx, linked);
    if (made === null)
      throw new DomainError('referral.not_converted', {
        detail: 'There is nothing to reverse before the first payment.',
      });
    return this.standings.decide(tx, { linked, made, decision });
  }

  private async existing(tx: Tx, linked: LinkedReferral): Promise<MadeConversion | null> {
    const rows: { id: string; converted_at: Date }[] = await tx.query(
      `SELECT id, converted_at FROM referral.conversion WHERE referral_id = $1`,
      [linked.id],
    );
    const row = rows[0];
    return row === undefined ? null : { id: row.id, convertedAt: row.converted_at, fresh: false };
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
    return rows.length === 0 ? null : { id, convertedAt: now, fresh: true };
  }
}
