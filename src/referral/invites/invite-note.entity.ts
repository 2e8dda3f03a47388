import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ReferralEntity } from '../attribution/referral.entity.js';

/** What a referrer writes about a person they invited. Only they read it. */
@Entity('invite_note', { schema: 'referral' })
export class InviteNoteEntity {
  @ForeignKey(() => ReferralEntity, { name: 'invite_note_belongs_to_a_referral', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'referral_id' })
  referralId: string;

  @Column('text') text: string;
}
