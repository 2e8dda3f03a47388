import { ApiProperty } from '@nestjs/swagger';
import { ApiId, ApiInteger, ApiAnyValue } from '../../platform/http/openapi/api-fields.js';
import { PageDto } from '../../platform/http/page.dto.js';
import type { Hold, RewardState, StatusReason } from '../conversions/reward-status.js';
import { channels, type Channel } from '../attribution/channels.js';
import type { NoticeStatus } from '../explain/reward-notice.js';

/**
 * The status of an invite: waiting for the first payment, held after it, credited, credited and
 * taken back, or refused before anything was credited.
 */
export type InviteStatus = 'pending' | 'held' | 'converted' | 'reversed' | 'rejected';

/** How many promised days are extra time with some of the plans. */
export class UsefulDaysDto {
  interval: 'day' | 'week' | 'month' | 'year';

  @ApiInteger()
  intervalCount: number;

  /** The `priceId`s of GET /billing/plans that are paid for this long, and count. */
  priceIds: string[];

  /**
   * Days of access that I would not have otherwise, if I pay now and cancel before the first
   * renewal.
   */
  @ApiInteger()
  days: number;
}

/** What a person is promised of a referral, or what became of it, in words. */
export class RewardNoticeDto {
  /**
   * Whether days are promised with the first payment, wait for a date (`held`) or a review, were
   * credited, are on hold, or were taken back; `none`: there are none.
   */
  status: NoticeStatus;

  /** The days that are still to come, else those that were credited and stayed. */
  @ApiInteger()
  days: number;

  /** What the terms give this side of a referral: 0 where they reward only the other. */
  @ApiInteger()
  promisedDays: number;

  /** How many days after the payment the terms credit them. */
  @ApiInteger()
  holdDays: number;

  /** When they arrive, where that is known. */
  arrivesAt: Date | null;

  /** What is promised, or what happened. */
  text: string;

  /**
   * What the promised days are worth beside a subscription that is paid for; null unless they are
   * promised to the invited person.
   */
  worth: string | null;

  /** The same by the period of the plans on offer, shortest first; empty where none is known. */
  usefulDays: UsefulDaysDto[];

  /** Why it is not more. */
  why: string | null;

  /** What to do, or what may change. */
  next: string | null;

  /**
   * The ids of the prices that count, while the payment is still to come; empty: all that make a
   * person paid.
   */
  qualifyingPrices: string[];
}

/** One invite as the referrer sees it. Risk flags are not shown. */
export class InviteDto {
  @ApiId()
  id: string;

  /**
   * The name that the invited person chose, else their masked address.
   * @example b…b@example.com
   */
  label: string;

  status: InviteStatus;

  /**
   * Null before the first payment; a `suspended` one counts as reversed for as long as the dispute
   * is open.
   */
  rewardState: RewardState | null;

  invitedAt: Date;
  convertedAt: Date | null;
  creditedAt: Date | null;

  /** What it earned the referrer so far, with decimals. */
  daysEarned: number;

  /** Why the reward is not granted. */
  reasons: StatusReason[];

  /** What the reward waits for. */
  holds: Hold[];

  /** When the refund window closes; null under terms without one, and before the first payment. */
  arrivesAt: Date | null;

  /** What I am promised of it, or what became of that. */
  reward: RewardNoticeDto;

  /** Why I get no days, or not yet, in words. */
  why: string | null;

  /** What happens next, in words. */
  nextStep: string;
}

/** One page of invites. */
export class InvitePageDto extends PageDto {
  items: InviteDto[];
}

/** How many invites have each status. */
export class InviteCountsDto {
  @ApiInteger()
  invited: number;

  @ApiInteger()
  pending: number;

  @ApiInteger()
  held: number;

  @ApiInteger()
  converted: number;

  @ApiInteger()
  reversed: number;

  @ApiInteger()
  rejected: number;
}

/** Who invited a person. */
export class InviterNameDto {
  /**
   * The name they chose, else “A friend” in the language of the request.
   * @example Anna
   */
  label: string;
}

/** The invitation that a person came with. */
export class InvitationNoticeDto {
  @ApiId()
  referralId: string;

  /** Who invited; null once their account is erased. */
  invitedBy: InviterNameDto | null;

  invitedAt: Date;

  /** What I am promised for my first payment, or what became of that. */
  reward: RewardNoticeDto;
}

/** The link that says how it was shared. One that leads to another product says no channel. */
export class ChannelLinkDto {
  @ApiProperty({ enum: channels })
  channel: Channel;

  /** @example https://twofold.example/r/ANNA2345?c=whatsapp */
  link: string;
}

/**
 * A user's part in the programme. Days are what an invitation earns now: none while the programme
 * is paused or its budget is used up, none for a user who has reached the cap.
 */
export class ReferralOverviewDto {
  /** @example ANNA2345 */
  code: string;

  /** @example https://twofold.example/r/ANNA2345 */
  link: string;

  /** The link for each way to share it, by which clicks and sign-ups are counted. */
  channelLinks: ChannelLinkDto[];

  /** What to write beside the link: an invitation, and what my friend is promised. */
  shareText: string;

  /** The days for me. */
  @ApiInteger()
  creditDays: number;

  /** How many of them would be extra time for me if my friend paid now. */
  @ApiInteger()
  usefulCreditDays: number;

  /** Why not all of them would be, in words; null where they are. */
  creditWorth: string | null;

  /** The days for my friend. */
  @ApiInteger()
  friendCreditDays: number;

  /** How many of my credits are still inside the days that they were given for. */
  @ApiInteger()
  activeCredits: number;

  /** Whole days until my credit ends. */
  @ApiInteger()
  daysOnAccount: number;

  counts: InviteCountsDto;

  /** Whether the programme is paused: new invitations bring nothing for now. */
  paused: boolean;

  /** What an invitation brings, and when, in words. */
  reward: string;

  /** What my friend is promised, and which payment counts, in words; null without days. */
  friendReward: string | null;

  /** The invitation that I came with; null for a direct sign-up. */
  invitation: InvitationNoticeDto | null;
}

/**
 * The result of a rule: it is met; it still has to be met; it waits for a time or a decision; it
 * prevents the reward.
 */
export type RuleStatus = 'met' | 'missing' | 'waiting' | 'undone';

/** One rule that was checked: whether it is met, its input, and an explanation. */
export class RuleExplanationDto {
  /** @example first_payment */
  rule: string;

  title: string;
  result: RuleStatus;

  /** What the rule was checked against. */
  inputs: Record<string, unknown>;

  explanation: string;

  /** When it was met. */
  at: Date | null;

  /** When it is decided. */
  by: Date | null;
}

/**
 * Why an invite has, or has not yet, earned credit: the rules in order, what is missing, by when,
 * and what happens next.
 */
export class InviteExplanationDto {
  invite: InviteDto;

  @ApiInteger()
  termsVersion: number;

  rules: RuleExplanationDto[];

  /** What is missing, in words. */
  missing: string[];

  by: Date | null;
  next: string;
}

/** What a fraud rule found, and how much it weighs. */
export class FraudFindingDto {
  /** @example same_device_as_referrer */
  rule: string;

  @ApiInteger()
  version: number;

  mode: 'live' | 'shadow';

  @ApiInteger()
  weight: number;

  /** What it found: numbers and kinds, nothing that identifies a person. */
  @ApiAnyValue()
  evidence: unknown;

  at: Date;
}

/** The same for staff, with what the fraud rules found. */
export class ReferralExplanationDto extends InviteExplanationDto {
  findings: FraudFindingDto[];
}
