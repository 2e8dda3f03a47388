import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { ReferralEntity } from '../attribution/referral.entity.js';
import { FraudRuleEntity } from './fraud-rule.entity.js';
import type { Evidence, Hit } from './rule-evaluation.js';

/** What a fraud rule found about a referral, once per evidence. It is append-only. */
@Entity('fraud_rule_hit', { schema: 'referral' })
@Unique('fraud_rule_hit_once_per_evidence', ['referralId', 'rule', 'version', 'mode', 'evidence'])
export class FraudRuleHitEntity {
  @PrimaryColumn('uuid') id: string;

  @ForeignKey(() => ReferralEntity, { name: 'fraud_rule_hit_belongs_to_a_referral' })
  @Column('uuid', { name: 'referral_id' })
  referralId: string;

  @ForeignKey(() => FraudRuleEntity, { name: 'fraud_rule_hit_has_a_rule' })
  @Column('text')
  rule: string;

  @Column('integer', { comment: 'of the rule: it rises when the rule changes' }) version: number;
  @Column('text') mode: Hit['mode'];
  @Column('integer') weight: number;

  @Column('jsonb', { comment: 'numbers, ids and kinds; no address, no name, no card number' })
  evidence: Evidence;

  @Column('timestamptz') at: Date;
}
