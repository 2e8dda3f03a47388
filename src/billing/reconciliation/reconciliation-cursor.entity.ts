import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What is compared with Stripe: its events, or its objects. */
export type ReconciliationKind = 'events' | 'objects';

/**
 * Up to when Stripe's events and objects were compared with what is stored. It only moves forward.
 */
@Entity('reconciliation_cursor', { schema: 'billing' })
export class ReconciliationCursorEntity {
  @PrimaryColumn('text') kind: ReconciliationKind;

  @Column('timestamptz', {
    name: 'compared_until',
    comment: 'everything that Stripe created before this time was compared, without a gap',
  })
  comparedUntil: Date;
}
