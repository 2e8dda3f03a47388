import { ApiId, ApiInteger } from '../platform/http/openapi/api-fields.js';
import { channelNames, type Channel } from './attribution/channels.js';
import type { RewardState } from './conversions/reward-status.js';
import { ApiProperty } from '@nestjs/swagger';
import { PageDto } from '../platform/http/page.dto.js';
import type { RuleSetting } from './fraud/rule-evaluation.js';

/** One referral seen from one of its ends. */
export class ReferralSummaryDto {
  @ApiId()
  id: string;

  /** The person at the other end; null when their account is erased. */
  @ApiId()
  userId: string | null;

  /** @example b…b@example.com */
  label: string;

  linkedAt: Date;
  convertedAt: Date | null;

  /** Null before the first payment. */
  state: RewardState | null;
}

/** How often links were followed on one day. */
export class LinkClicksOfDayDto {
  /** The day in UTC. */
  @ApiProperty({ format: 'date' })
  day: string;

  @ApiInteger()
  clicks: number;
}

/** How many signed up from one campaign source. */
export class CampaignSourceDto {
  /** @example newsletter */
  source: string;

  @ApiInteger()
  signUps: number;
}

/** The clicks and sign-ups of the links that were shared in one way. */
export class ChannelStatsDto {
  /** @example whatsapp */
  @ApiProperty({ enum: channelNames })
  channel: Channel;

  @ApiInteger()
  clicks: number;

  @ApiInteger()
  signUps: number;
}

/** The clicks and sign-ups of a user's links in the last thirty days (UTC). */
export class LinkStatsDto {
  days: LinkClicksOfDayDto[];

  @ApiInteger()
  clicks: number;

  /** Only the newest 10,000 are counted, here and for what follows. */
  @ApiInteger()
  signUps: number;

  @ApiInteger()
  conversions: number;

  /** Sign-ups by campaign source, the most first. */
  sources: CampaignSourceDto[];

  /** Clicks and sign-ups by the way the link was shared, the most clicks first. */
  channels: ChannelStatsDto[];
}

/** A code that a person has or had. */
export class ReferralCodeDto {
  /** @example ANNA2345 */
  code: string;

  kind: 'random' | 'vanity';
  current: boolean;
  createdAt: Date;

  /** Until when a retired code works. */
  worksUntil: Date | null;

  /** Stopped by staff. */
  blocked: boolean;
}

/** One page of codes. */
export class ReferralCodePageDto extends PageDto {
  items: ReferralCodeDto[];
}

/** A fraud rule with its statistics. */
export class FraudRuleDto implements RuleSetting {
  /** @example same_device_as_referrer */
  name: string;

  /** `shadow` records what it finds, and changes nothing. */
  mode: 'live' | 'shadow' | 'off';

  @ApiInteger()
  weight: number;

  /** How many referrals it hit. */
  @ApiInteger()
  hits: number;

  /** Of them, how many a person decided about. */
  @ApiInteger()
  decided: number;

  /** Of those, how many were rejected. */
  @ApiInteger()
  rejected: number;

  /** The share of those; null before the first decision. */
  precision: number | null;

  changedAt: Date | null;
}

/** One page of fraud rules. */
export class FraudRulePageDto extends PageDto {
  items: FraudRuleDto[];
}
