import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { TermsEntity } from '../terms/terms.entity.js';

/** What is used of the budget of a version of the terms. */
@Entity('budget', { schema: 'referral' })
export class BudgetEntity {
  @ForeignKey(() => TermsEntity, { name: 'budget_belongs_to_terms' })
  @PrimaryColumn('integer', { name: 'terms_version' })
  termsVersion: number;

  @Column('bigint', { name: 'limit_ms' }) limitMs: string;
  @Column('bigint', { name: 'reserved_ms', default: 0 }) reservedMs: string;
}
