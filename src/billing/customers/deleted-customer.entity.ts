import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A customer that was deleted at Stripe before its user was known; purged after 30 days. */
@Entity('deleted_customer', { schema: 'billing' })
export class DeletedCustomerEntity {
  @PrimaryColumn('text') id: string;
  @Column('timestamptz', { name: 'deleted_at' }) deletedAt: Date;
  @Column('timestamptz', { name: 'recorded_at' }) recordedAt: Date;
}
