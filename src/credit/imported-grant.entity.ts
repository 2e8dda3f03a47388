import { Column, Entity, PrimaryColumn } from 'typeorm';

/** That the days of a row of an imported file were granted; the key may be a name. */
@Entity('imported_grant', { schema: 'credit' })
export class ImportedGrantEntity {
  @PrimaryColumn('bytea', {
    name: 'key_hash',
    comment: 'SHA-256 of the tool and of the key of the row, which may be a name',
  })
  keyHash: Buffer;

  @Column('timestamptz', { name: 'granted_at' }) grantedAt: Date;
}
