import { Column, Entity, PrimaryColumn } from 'typeorm';

/** When a part of the figures of the statistics was stored last. */
@Entity('figures_refresh', { schema: 'admin' })
export class FiguresRefreshEntity {
  @PrimaryColumn('text') part: 'statistics' | 'liability';
  @Column('timestamptz', { name: 'as_of' }) asOf: Date;
}
