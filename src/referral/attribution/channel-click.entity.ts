import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ReferralCodeEntity } from '../codes/referral-code.entity.js';
import type { Channel } from './channels.js';

/** How often the links of a code were opened on a day (UTC) by one way to share them. */
@Entity('channel_click', { schema: 'referral' })
export class ChannelClickEntity {
  @ForeignKey(() => ReferralCodeEntity, { name: 'channel_click_belongs_to_a_code', onDelete: 'CASCADE' })
  @PrimaryColumn('text')
  code: string;

  @PrimaryColumn('date') day: string;
  @PrimaryColumn('text') channel: Channel;
  @Column('integer') clicks: number;
}
