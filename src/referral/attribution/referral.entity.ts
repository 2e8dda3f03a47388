import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { TermsEntity } from '../terms/terms.entity.js';
import type { Channel } from './channels.js';
import type { DomainClass } from '../fraud/email-domain-class.js';

/**
 * The campaign and the page that a person came by, as the link said. Nothing of it is about the
 * person.
 */
export interface CampaignParams {
  landing?: string;
  /** The way by which the link was shared. */
  channel?: Channel;
  source?: string;
  medium?: string;
  campaign?: string;
  term?: string;
  content?: string;
}

/** Who referred whom, under which terms. */
@Entity('referral', { schema: 'referral' })
@Unique('referral_once_per_referred', ['referredId'])
export class ReferralEntity {
  @PrimaryColumn('uuid') id: string;

  @ForeignKey('UserEntity', { name: 'referral_has_a_referrer', onDelete: 'SET NULL' })
  @Column('uuid', { name: 'referrer_id', nullable: true })
  referrerId: string | null;

  @ForeignKey('UserEntity', { name: 'referral_has_a_referred' })
  @Column('uuid', { name: 'referred_id' })
  referredId: string;

  @Column('text') code: string;

  @ForeignKey(() => TermsEntity, { name: 'referral_has_terms' })
  @Column('integer', { name: 'terms_version' })
  termsVersion: number;

  @Column('text') origin: 'sign_up' | 'claim' | 'import' | 'admin' | 'merge';
  @Column('text', { comment: 'how the referrer sees the referred: a masked e-mail' }) label: string;

  @Column('jsonb', {
    nullable: true,
    comment: 'the campaign parameters, channel and landing page of the sign-up; nothing about the person',
  })
  campaign: CampaignParams | null;

  @Column('text', {
    name: 'domain_class',
    nullable: true,
    comment: 'of the verified e-mail address, which is not stored here',
  })
  domainClass: DomainClass | null;

  @Column('timestamptz', { name: 'linked_at' }) linkedAt: Date;

  @Column('boolean', {
    name: 'email_unconfirmed',
    default: false,
    comment: 'the product that reported the person had not confirmed the address',
  })
  emailUnconfirmed: boolean;

  @Column('timestamptz', {
    name: 'closed_at',
    nullable: true,
    comment: 'a merge of accounts ended it before its first payment',
  })
  closedAt: Date | null;

  @Column('timestamptz', {
    name: 'rewarded_elsewhere_at',
    nullable: true,
    comment: 'the first payment was rewarded by the tool used before: this referral never converts',
  })
  rewardedElsewhereAt: Date | null;
}
