import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RuleSetting } from './rule-evaluation.js';

/** The mode and weight of a fraud rule. */
@Entity('fraud_rule', { schema: 'referral' })
export class FraudRuleEntity {
  @PrimaryColumn('text') name: string;
  @Column('text') mode: RuleSetting['mode'];
  @Column('integer') weight: number;
  @Column('timestamptz', { name: 'changed_at', nullable: true }) changedAt: Date | null;
}
