import { Injectable } from '@nestjs/common';
import { CreditService, type Reward } from '../credit/index.js';
import { Clock } from '../platform/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { newId } from '../platform/ids.js';
import { linkedBeforePayment } from './code.js';
import type { Conversion, FirstPayment } from './conversion.js';
import { ReferralTrail } from './referral-trail.js';

interface LinkedRow {
  id: string;
  referrer_id: string | null;
  linked_at: Date;
  code: string;
  referrer_days: number;
  referred_days: number;
}

/** Turns a referral into credit, once. */
@Injectable()
export class Conversions {
  constructor(
    private readonly credit: CreditService,
    private readonly trail: ReferralTrail,
    private readonly clock: Clock,
  ) {}

  /**
   * Converts the referral of `referredId` by `payment` and credits both sides under the terms it was made with.
   * Null for a direct sign-up, and for a referral linked only after the payment. A pause of the programme keeps
   * new referrals out; what was promised before is kept.
   * Again: the existing conversion, unchanged, with nothing written.
   */
  async convert(tx: Tx, referredId: string, payment: FirstPayment): Promise<Conversion | null> {
    const linked = await this.lockReferral(tx, referredId);
    if (linked === null) return null;
    const existing = await this.existing(tx, linked);
    if (existing !== null) return existing;
    if (!linkedBeforePayment(linked.linked_at, payment.paidAt)) return null;
    const conversion = await this.insert(tx, linked, referredId, payment);
    if (conversion === null) return null;
    const rewards = rewardsOf(linked, referredId);
    const entries = await this.credit.grantRewards(
      tx,
      { conversionId: conversion.id, referralId: linked.id },
      rewards,
    );
    await this.trail.converted(
      tx,
      conversion,
      linked.code,
      rewards.filter((reward) => entries.some((entry) => entry.side === reward.side)),
    );
    return conversion;
  }

  private async lockReferral(tx: Tx, referredId: string): Promise<LinkedRow | null> {
    const rows: LinkedRow[] = await tx.query(
      `SELECT r.id, r.referrer_id, r.linked_at, r.code, t.referrer_days, t.referred_days
       FROM referral.referral r JOIN referral.terms t ON t.version = r.terms_version
       WHERE r.referred_id = $1 FOR NO KEY UPDATE OF r`,
      [referredId],
    );
    return rows[0] ?? null;
  }

  private async existing(tx: Tx, linked: LinkedRow): Promise<Conversion | null> {
    const rows: { id: string; referred_id: string; converted_at: Date; credited_at: Date }[] = await tx.query(
      `SELECT id, referred_id, converted_at, credited_at FROM referral.conversion WHERE referral_id = $1`,
      [linked.id],
    );
    const row = rows[0];
    if (row === undefined) return null;
    return {
      id: row.id,
      referralId: linked.id,
      referrerId: linked.referrer_id,
      referredId: row.referred_id,
      convertedAt: row.converted_at,
      creditedAt: row.credited_at,
      fresh: false,
    };
  }

  /** Null when the invoice has converted another referral already: one payment counts once. */
  private async insert(
    tx: Tx,
    linked: LinkedRow,
    referredId: string,
    payment: FirstPayment,
  ): Promise<Conversion | null> {
    const id = newId(this.clock);
    const now = this.clock.now();
    const rows: unknown[] = await tx.query(
      `INSERT INTO referral.conversion (id, referral_id, referred_id, invoice_id, converted_at, credited_at)
       VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT DO NOTHING RETURNING id`,
      [id, linked.id, referredId, payment.invoiceId, now],
    );
    if (rows.length === 0) return null;
    return {
      id,
      referralId: linked.id,
      referrerId: linked.referrer_id,
      referredId,
      convertedAt: now,
      creditedAt: now,
      fresh: true,
    };
  }
}

/** The newcomer is credited whatever became of the referrer; somebody on both ends is credited once. */
function rewardsOf(linked: LinkedRow, referredId: string): Reward[] {
  const own: Reward = { side: 'referred', userId: referredId, days: linked.referred_days };
  if (linked.referrer_id === null || linked.referrer_id === referredId) return [own];
  return [{ side: 'referrer', userId: linked.referrer_id, days: linked.referrer_days }, own];
}
