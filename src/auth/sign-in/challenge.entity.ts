import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CampaignParams } from '../../referral/index.js';

/** A sign-in code that was sent to an email address. Only a keyed hash of the code is stored. */
@Entity('challenge', { schema: 'auth' })
export class ChallengeEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text') email: string;
  @Column('bytea', { name: 'code_hash' }) codeHash: Buffer;
  @Column('text', { name: 'referral_code', nullable: true }) referralCode: string | null;
  @Column('jsonb', { nullable: true }) campaign: CampaignParams | null;

  @Column('text', {
    default: 'en',
    comment: 'the language of the requester: of the e-mail, and of the account that may be created',
  })
  locale: string;

  @Column('bytea', {
    name: 'trusted_device_hash',
    nullable: true,
    comment: 'the requesting device or session had verified the address before: it has its own limits',
  })
  trustedDeviceHash: Buffer | null;

  @Column('smallint', { default: 0 }) attempts: number;
  @Column('timestamptz', { name: 'last_attempt_at', nullable: true }) lastAttemptAt: Date | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
  @Column('timestamptz', { name: 'used_at', nullable: true }) usedAt: Date | null;
}
