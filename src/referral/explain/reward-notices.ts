import { Injectable } from '@nestjs/common';
import { CreditService, CurrentAccessReader } from '../../credit/index.js';
import { Clock } from '../../platform/clock.js';
import type { InvitationNoticeDto, RewardNoticeDto } from '../invites/invite.dto.js';
import {
  conversionIdsOf,
  earningsOf,
  type InviteEarnings,
  type InviteGroupRow,
  type InviteGroupWithNotice,
  type InviteRow,
  type InviteStatusRow,
  type InviteWithNotice,
} from '../invites/invite.js';
import { inviterLabel, InviteNames } from '../invites/invite-names.js';
import { InvitesRepository } from '../invites/invites.repository.js';
import type { RemainingLimits } from '../limits/expected-reward.js';
import { LimitsRepository } from '../limits/limits.repository.js';
import { toTerms } from '../terms/terms.js';
import { toNoticeDto, type NoticeReader } from './notice-text.js';
import { InviterNames, OfferedPlans, PayerStates, ReversedPayments } from './ports.js';
import type { WorthFacts } from './reward-worth.js';
import { rewardNotice, type ConvertedFacts, type PayerState, type RewardFacts } from './reward-notice.js';
import type { ReversedPayment } from './status-texts.js';

type Side = RewardFacts['side'];
type Earnings = ReadonlyMap<string, InviteEarnings>;

const nothing: Earnings = new Map();
const unlimited: RemainingLimits = { placesTaken: 0, budgetLeftMs: null };
const notPaid: PayerState = { hasPaid: false, mayStillQualify: false };
/** What {@link rewardNotice} asks besides the referral, before there is any credit. */
export const beforeAnyCredit = { payer: notPaid, limits: unlimited, worth: null, earned: undefined };

/** The reward of a referral as an event reports it. */
export type RewardAtEvent = Omit<ConvertedFacts, 'creditedAt' | 'payment'> & { wasCredited: boolean };

/** A referral, what became of its payment, and all that decides what a side of it is shown. */
interface ReferralFacts {
  row: InviteRow;
  payment: ReversedPayment | null;
  facts: RewardFacts;
}

/** Gathers what decides what people are shown of their referrals, and decides it. */
@Injectable()
export class RewardNotices {
  // eslint-disable-next-line max-params -- one notice, and what it follows from
  constructor(
    private readonly invites: InvitesRepository,
    private readonly limits: LimitsRepository,
    private readonly credit: CreditService,
    private readonly payers: PayerStates,
    private readonly plans: OfferedPlans,
    private readonly currentAccess: CurrentAccessReader,
    private readonly reversedPayments: ReversedPayments,
    private readonly inviterNames: InviterNames,
    private readonly inviteNames: InviteNames,
    private readonly clock: Clock,
  ) {}

  /**
   * Each of these referrals with what `userId`, who is this side of all of them, earned and is
   * shown. Null, once the person is erased, has earned nothing.
   */
  async decide(rows: readonly InviteRow[], side: Side, userId: string | null): Promise<InviteWithNotice[]> {
    return this.decideFrom(rows, side, await this.findEarnings(rows, side, userId));
  }

  private async decideFrom(
    rows: readonly InviteRow[],
    side: Side,
    earnings: Earnings,
  ): Promise<InviteWithNotice[]> {
    const found = await this.loadFacts(rows, side, earnings);
    return found.map(({ row, payment, facts }) => ({
      ...{ row, payment, earned: facts.earned },
      notice: rewardNotice(facts),
    }));
  }

  /** Groups of a person's invites with what their referrer is shown of each of them. */
  async decideGroups(groups: readonly InviteGroupRow[]): Promise<InviteGroupWithNotice[]> {
    const limits = await this.findLimits(groups.filter(isOpen));
    return groups.map((row) => {
      const earned = earningsOf(row);
      const facts = {
        hasReferrer: row.has_referrer,
        payer: { hasPaid: row.has_paid, mayStillQualify: row.may_still_qualify },
        limits: limits.get(limitsKey(row)) ?? unlimited,
        worth: null,
        earned,
        payment: null, // a group is shown without why
      };
      return { row, earned, notice: rewardNotice(toRewardFacts(row, 'referrer', facts)) };
    });
  }

  /**
   * What one side of a referral is shown now, or as an event reported its reward; null for an
   * unknown referral, and for the referrer once they are erased.
   */
  async find(
    { referralId, side, conversion }: { referralId: string; side: Side; conversion?: RewardAtEvent },
    reader: NoticeReader,
  ): Promise<RewardNoticeDto | null> {
    const row = await this.invites.findById(referralId);
    const userId = side === 'referrer' ? row?.referrer_id : row?.referred_id;
    if (row === null || userId == null) return null;
    const [found] = await this.loadFacts([row], side, await this.findEarnings([row], side, userId));
    if (found === undefined) return null;
    const facts = conversion === undefined ? found.facts : asReported(found, conversion);
    return toNoticeDto(reader, rewardNotice(facts));
  }

  /** The invitation that a person came with, and what they are shown of it; null without one. */
  async findInvitation(userId: string, reader: NoticeReader): Promise<InvitationNoticeDto | null> {
    const row = await this.invites.findByReferred(userId);
    if (row === null) return null;
    const [[invite], name] = await Promise.all([
      this.decide([row], 'referred', userId),
      row.referrer_id === null ? undefined : this.inviterNames.find(row.referrer_id),
    ]);
    if (invite === undefined) return null;
    return {
      referralId: row.id,
      invitedBy: name === undefined ? null : { label: inviterLabel(reader.t, name) },
      invitedAt: row.linked_at,
      reward: toNoticeDto(reader, invite.notice),
    };
  }

  /**
   * Why a person does not have all of a reward that was credited, and to the referrer whose
   * invitation it was for; null where they have it.
   */
  async findReversalReason(referralId: string, userId: string, reader: NoticeReader): Promise<string | null> {
    const row = await this.invites.findById(referralId);
    if (row === null) return null;
    const [asReferrer, asReferred] = await Promise.all([
      this.credit.earningsByReferral(userId, 'referrer', conversionIdsOf([row])),
      this.credit.earningsByReferral(userId, 'referred', conversionIdsOf([row])),
    ]);
    const side = asReferred.has(referralId) ? 'referred' : 'referrer';
    const [invite] = await this.decideFrom([row], side, side === 'referred' ? asReferred : asReferrer);
    const why = invite === undefined ? null : toNoticeDto(reader, invite.notice).why;
    if (why === null || side === 'referred') return why;
    const friend = await this.inviteNames.findFriendName(userId, row.referred_id);
    return friend === null ? why : `${reader.t('explain.entry.invitation', { friend })} ${why}`;
  }

  private async findEarnings(
    rows: readonly InviteRow[],
    side: Side,
    userId: string | null,
  ): Promise<Earnings> {
    return userId === null ? nothing : this.credit.earningsByReferral(userId, side, conversionIdsOf(rows));
  }

  private async loadFacts(
    rows: readonly InviteRow[],
    side: Side,
    earnings: Earnings,
  ): Promise<ReferralFacts[]> {
    const open = rows.filter(isOpen);
    const [payers, limits, worth, payments] = await Promise.all([
      this.findPayers(open),
      this.findLimits(open),
      side === 'referred' ? this.findWorth(open) : new Map<string, WorthFacts>(),
      this.findReversedPayments(rows),
    ]);
    return rows.map((row) => {
      const payer = payers.get(row.referred_id) ?? notPaid;
      const left = limits.get(limitsKey(row)) ?? unlimited;
      const payment = payments.get(row.paid_invoice_id ?? '') ?? null;
      const facts = {
        hasReferrer: hasReferrer(row),
        payer,
        limits: left,
        worth: worth.get(row.referred_id) ?? null,
        earned: earnings.get(row.id),
        payment,
      };
      return { row, payment, facts: toRewardFacts(row, side, facts) };
    });
  }

  private async findReversedPayments(rows: readonly InviteRow[]): Promise<Map<string, ReversedPayment>> {
    const ids = rows.flatMap((row) =>
      row.reasons === null || row.reasons.length === 0 ? [] : (row.paid_invoice_id ?? []),
    );
    return ids.length === 0 ? new Map() : this.reversedPayments.find(ids);
  }

  private async findPayers(open: readonly InviteRow[]): Promise<Map<string, PayerState>> {
    return open.length === 0 ? new Map() : this.payers.find(open.map((row) => row.referred_id));
  }

  /** By the referred person. Each of them reads of their one invitation. */
  private async findWorth(open: readonly InviteRow[]): Promise<Map<string, WorthFacts>> {
    if (open.length === 0) return new Map();
    const plans = await this.plans.list();
    const found = open.map(async ({ referred_id: userId }) => {
      const access = await this.currentAccess.find(userId);
      return [userId, { access, plans }] as const;
    });
    return new Map(await Promise.all(found));
  }

  /** By referrer and terms; nothing is read for terms without limits. */
  private async findLimits(open: readonly InviteStatusRow[]): Promise<Map<string, RemainingLimits>> {
    const limited = open.filter((row) => row.cap_conversions !== null || row.budget_days !== null);
    const referrerIds = [...new Set(limited.map((row) => row.referrer_id))];
    const found = await Promise.all(
      referrerIds.map(async (referrerId) => {
        const own = limited.filter((row) => row.referrer_id === referrerId);
        const versions = [...new Set(own.map((row) => row.version))];
        const byVersion = await this.limits.findRemaining(referrerId, versions, this.clock.now());
        return versions.flatMap((version) => {
          const remaining = byVersion.get(version);
          return remaining === undefined
            ? []
            : [[limitsKey({ referrer_id: referrerId, version }), remaining] as const];
        });
      }),
    );
    return new Map(found.flat());
  }
}

function isOpen(row: InviteStatusRow): boolean {
  return row.converted_at === null && row.rewarded_elsewhere_at === null;
}

function hasReferrer(row: InviteRow): boolean {
  return row.referrer_id !== null && row.referrer_id !== row.referred_id;
}

function limitsKey({ referrer_id, version }: Pick<InviteStatusRow, 'referrer_id' | 'version'>): string {
  return `${referrer_id} ${version}`;
}

/** The facts with the reward as an event reported it. */
function asReported(
  { row, payment, facts }: ReferralFacts,
  { wasCredited, ...reported }: RewardAtEvent,
): RewardFacts {
  return {
    ...facts,
    earned: wasCredited ? facts.earned : undefined,
    conversion: { ...reported, payment, creditedAt: wasCredited ? row.credited_at : null },
  };
}

function toRewardFacts(
  row: InviteStatusRow,
  side: Side,
  {
    payment,
    ...facts
  }: Pick<RewardFacts, 'hasReferrer' | 'payer' | 'limits' | 'worth' | 'earned'> &
    Pick<ConvertedFacts, 'payment'>,
): RewardFacts {
  return {
    ...facts,
    side,
    terms: toTerms(row),
    isClosed: row.closed_at !== null,
    isRewardedElsewhere: row.rewarded_elsewhere_at !== null,
    review: { outcome: row.outcome, decision: row.decision },
    conversion:
      row.converted_at === null || row.state === null
        ? null
        : {
            state: row.state,
            reasons: row.reasons ?? [],
            holds: row.holds ?? [],
            releaseAt: row.release_at,
            creditedAt: row.credited_at,
            capped: row.capped ?? false,
            payment,
          },
  };
}
