import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ReferralCodeEntity } from '../codes/referral-code.entity.js';

/** How often the links of a code were opened on a day (UTC). Clicks are counted, not people. */
@Entity('link_click', { schema: 'referral' })
export class LinkClickEntity {
  @ForeignKey(() => ReferralCodeEntity, { name: 'link_click_belongs_to_a_code', onDelete: 'CASCADE' })
  @PrimaryColumn('text')
  code: string;

  @PrimaryColumn('date') day: string;
  @Column('integer') clicks: number;
}
