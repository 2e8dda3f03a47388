import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The token of an SSO link that was used, by the hash of its `jti`. Kept until it has expired. */
@Entity('used_sso_token', { schema: 'auth' })
export class UsedSsoTokenEntity {
  @PrimaryColumn('bytea', {
    name: 'jti_hash',
    comment: 'SHA-256 of the jti, which the other product chooses',
  })
  jtiHash: Buffer;

  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
}
