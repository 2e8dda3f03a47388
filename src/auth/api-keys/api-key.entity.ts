import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { Scope } from '../../platform/security/api-key.js';

/** A key of another product's server; the secret is kept as a keyed hash. */
@Entity('api_key', { schema: 'auth' })
export class ApiKeyEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text') name: string;
  @Column('bytea', { name: 'secret_hash' }) secretHash: Buffer;
  @Column('text', { array: true }) scopes: Scope[];

  @Column('text', {
    array: true,
    default: [],
    comment: 'the web origins on which the tokens that it makes may be used',
  })
  origins: string[];

  @Column('integer', { name: 'requests_per_minute' }) requestsPerMinute: number;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'expires_at', nullable: true }) expiresAt: Date | null;
  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt: Date | null;
  @Column('timestamptz', { name: 'last_used_at', nullable: true, comment: 'within a minute' })
  lastUsedAt: Date | null;

  @ForeignKey('ApiKeyEntity', { name: 'api_key_is_replaced_by_a_key' })
  @Column('uuid', { name: 'replaced_by', nullable: true })
  replacedBy: string | null;
}

/** Whether a key acts at `now`: it was not revoked and has not expired. */
export function isActiveKey({ revokedAt, expiresAt }: ApiKeyEntity, now: Date): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}
