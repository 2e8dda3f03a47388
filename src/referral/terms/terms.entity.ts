import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Terms } from './terms.js';

/** One version of the programme's terms. It is append-only. */
@Entity('terms', { schema: 'referral' })
export class TermsEntity {
  @PrimaryColumn('integer') version: number;
  @Column('integer', { name: 'referrer_days' }) referrerDays: number;
  @Column('integer', { name: 'referred_days' }) referredDays: number;
  @Column('timestamptz', { name: 'valid_from' }) validFrom: Date;
  @Column('timestamptz', { name: 'valid_until', nullable: true }) validUntil: Date | null;
  @Column('timestamptz', { name: 'published_at', nullable: true }) publishedAt: Date | null;
  @Column('integer', { name: 'hold_days', default: 0 }) holdDays: number;

  @Column('jsonb', {
    name: 'minimum_amounts',
    default: {},
    comment: 'smallest unit by currency; empty: any amount, otherwise only these currencies',
  })
  minimumAmounts: Record<string, number>;

  @Column('text', {
    name: 'qualifying_prices',
    array: true,
    default: '{}',
    comment: 'empty: every price that grants the paid tier',
  })
  qualifyingPrices: string[];

  @Column('text', { default: 'last_touch' }) attribution: Terms['attribution'];
  @Column('integer', { name: 'attribution_days', default: 30 }) attributionDays: number;
  @Column('integer', { name: 'late_claim_days', default: 14 }) lateClaimDays: number;
  @Column('integer', { name: 'cap_conversions', nullable: true }) capConversions: number | null;

  @Column('integer', { name: 'cap_window_days', nullable: true, comment: 'null with a cap: without end' })
  capWindowDays: number | null;

  @Column('integer', { name: 'budget_days', nullable: true }) budgetDays: number | null;
  @Column('integer', { name: 'milestone_every', nullable: true }) milestoneEvery: number | null;
  @Column('integer', { name: 'milestone_days', nullable: true }) milestoneDays: number | null;

  @Column('integer', {
    name: 'refund_percent',
    default: 100,
    comment: 'once this share of the first payment is refunded, the reward is reversed',
  })
  refundPercent: number;
}
