import { Column, Entity, PrimaryColumn } from 'typeorm';

/** When a part of the totals of the statistics was stored last. */
@Entity('totals_refresh', { schema: 'admin' })
export class TotalsRefreshEntity {
  @PrimaryColumn('text') part: 'statistics' | 'liability';
  @Column('timestamptz', { name: 'as_of' }) asOf: Date;
}
