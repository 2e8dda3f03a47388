import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A secret key that was used here, by a fingerprint that reveals nothing about the key. */
@Entity('secret_key', { schema: 'platform' })
export class SecretKeyEntity {
  @PrimaryColumn('text') id: string;
  @Column('timestamptz', { name: 'first_used_at' }) firstUsedAt: Date;
  @Column('timestamptz', { name: 'discarded_at', nullable: true }) discardedAt: Date | null;
}
