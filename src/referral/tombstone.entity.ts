import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * The email address of an erased user, as a keyed hash: it was invited already. It is append-only.
 */
@Entity('tombstone', { schema: 'referral' })
export class TombstoneEntity {
  @PrimaryColumn('bytea', { name: 'email_hash' }) emailHash: Buffer;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}
