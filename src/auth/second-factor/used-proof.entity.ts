import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A time step of an authenticator app, or a challenge of a passkey, that was used, by its SHA-256.
 * Kept until it has expired.
 */
@Entity('used_proof', { schema: 'auth' })
export class UsedProofEntity {
  @PrimaryColumn('bytea', { name: 'proof_hash' }) proofHash: Buffer;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
}
