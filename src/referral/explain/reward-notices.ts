import { Injectable } from '@nestjs/common';
import { CreditService } from '../../credit/index.js';
import { Clock } from '../../platform/clock.js';
import { dayMs } from '../../platform/durations.js';
import type { InvitationNoticeDto, RewardNoticeDto } from '../invites/invite.dto.js';
import {
  conversionIdsOf,
  type InviteEarnings,
  type InviteGroupRow,
  type InviteGroupWithNotice,
  type InviteRow,
  type InviteStatusRow,
  type InviteWithNotice,
} from '../invites/invite.js';
import { inviteLabel, InviteNames } from '../invites/invite-names.js';
import { InvitesRepository } from '../invites/invites.repository.js';
import type { RemainingLimits } from '../limits/expected-reward.js';
import { LimitsRepository } from '../limits/limits.repository.js';
import { toTerms } from '../terms/terms.js';
import { sentencesText, toNoticeDto, type NoticeReader } from './notice-text.js';
import { InviterNames, PayerStates, PaymentRefunds } from './ports.js';
import {
  reasonSentences,
  rewardNotice,
  type ConvertedFacts,
  type PayerState,
  type PaymentRefund,
  type RewardFacts,
} from './reward-notice.js';

type Side = RewardFacts['side'];
type Earnings = ReadonlyMap<string, InviteEarnings>;

const unlimited: RemainingLimits = { placesTaken: 0, budgetLeftMs: null };
const notPaid: PayerState = { hasPaid: false, mayStillQualify: false };
const beforeAnyCredit = { payer: notPaid, limits: unlimited, earned: undefined };
const noRefunds: ReadonlyMap<string, PaymentRefund> = new Map();

/** Gathers what decides what people are shown of their referrals, and decides it. */
@Injectable()
export class RewardNotices {
  // eslint-disable-next-line max-params -- one notice, and what it follows from
  constructor(
    private readonly invites: InvitesRepository,
    private readonly limits: LimitsRepository,
    private readonly credit: CreditService,
    private readonly payers: PayerStates,
    private readonly refunds: PaymentRefunds,
    private readonly inviterNames: InviterNames,
    private readonly inviteNames: InviteNames,
    private readonly clock: Clock,
  ) {}

  /** Each of these referrals with what one side of it is shown. */
  async decide(rows: readonly InviteRow[], side: Side, earnings: Earnings): Promise<InviteWithNotice[]> {
    const open = rows.filter(isOpen);
    const [payers, limits, refunds] = await Promise.all([
      this.findPayers(open),
      this.findLimits(open),
      this.findRefunds(rows.filter(({ reasons }) => reasons?.includes('refunded'))),
    ]);
    return rows.map((row) => {
      const earned = earnings.get(row.id);
      const payer = payers.get(row.referred_id) ?? notPaid;
      const left = limits.get(limitsKey(row)) ?? unlimited;
      const refund = refunds.get(row.id) ?? null;
      const facts = { hasReferrer: hasReferrer(row), payer, limits: left, earned, refund };
      return { row, earned, notice: rewardNotice(toRewardFacts(row, side, facts)) };
    });
  }

  /** Groups of a person's invites with what their referrer is shown of each of them. */
  async decideGroups(groups: readonly InviteGroupRow[]): Promise<InviteGroupWithNotice[]> {
    const limits = await this.findLimits(groups.filter(isOpen));
    return groups.map((row) => {
      const earned =
        row.is_granted === null
          ? undefined
          : { days: Number(row.held_ms) / dayMs, isGranted: row.is_granted };
      const facts = {
        hasReferrer: row.has_referrer,
        payer: { hasPaid: row.has_paid, mayStillQualify: row.may_still_qualify },
        limits: limits.get(limitsKey(row)) ?? unlimited,
        earned,
        refund: null, // it is words of single invites
      };
      return { row, earned, notice: rewardNotice(toRewardFacts(row, 'referrer', facts)) };
    });
  }

  /**
   * What one side of a referral is shown now, or with `conversion` when it converted, before any
   * credit; null for an unknown referral, and for the referrer once they are erased.
   */
  async find(
    { referralId, side, conversion }: { referralId: string; side: Side; conversion?: ConvertedFacts },
    reader: NoticeReader,
  ): Promise<RewardNoticeDto | null> {
    const row = await this.invites.findById(referralId);
    const userId = side === 'referrer' ? row?.referrer_id : row?.referred_id;
    if (row === null || userId == null) return null;
    if (conversion !== undefined) {
      const refund = await this.findRefund(row, conversion.reasons);
      const facts = toRewardFacts(row, side, { ...beforeAnyCredit, hasReferrer: hasReferrer(row), refund });
      return toNoticeDto(reader, rewardNotice({ ...facts, conversion }));
    }
    const earnings = await this.credit.earningsByReferral(userId, side, conversionIdsOf([row]));
    const [invite] = await this.decide([row], side, earnings);
    return invite === undefined ? null : toNoticeDto(reader, invite.notice);
  }

  /** The invitation that a person came with, and what they are shown of it; null without one. */
  async findInvitation(userId: string, reader: NoticeReader): Promise<InvitationNoticeDto | null> {
    const row = await this.invites.findByReferred(userId);
    if (row === null) return null;
    const earnings = await this.credit.earningsByReferral(userId, 'referred', conversionIdsOf([row]));
    const [[invite], label] = await Promise.all([
      this.decide([row], 'referred', earnings),
      row.referrer_id === null ? null : this.inviterNames.find(row.referrer_id),
    ]);
    if (invite === undefined) return null;
    return {
      referralId: row.id,
      invitedBy: label === null ? null : { label },
      invitedAt: row.linked_at,
      reward: toNoticeDto(reader, invite.notice),
    };
  }

  /** Why one side is not granted a reward, by the reasons of an event; empty without any. */
  async findReasons(
    { referralId, side, reasons }: { referralId: string; side: Side; reasons: readonly string[] },
    reader: NoticeReader,
  ): Promise<string> {
    const row = await this.invites.findById(referralId);
    const refund = row && (await this.findRefund(row, reasons));
    return sentencesText(reader, reasonSentences(reasons, { side, refund }));
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
    const [invite] = await this.decide([row], side, side === 'referred' ? asReferred : asReferrer);
    const why = invite === undefined ? null : toNoticeDto(reader, invite.notice).why;
    if (why === null || side === 'referred') return why;
    const name = (await this.inviteNames.find([row.id])).get(row.id);
    const friend = name && inviteLabel(name, { isReferrer: false });
    return friend == null ? why : `${reader.t('explain.entry.invitation', { friend })} ${why}`;
  }

  private async findPayers(open: readonly InviteRow[]): Promise<Map<string, PayerState>> {
    return open.length === 0 ? new Map() : this.payers.find(open.map((row) => row.referred_id));
  }

  private async findRefund(row: InviteRow, reasons: readonly string[]): Promise<PaymentRefund | null> {
    return (await this.findRefunds(reasons.includes('refunded') ? [row] : [])).get(row.id) ?? null;
  }

  /** By the ids of the referrals whose payments these are. */
  private async findRefunds(rows: readonly InviteRow[]): Promise<ReadonlyMap<string, PaymentRefund>> {
    const invoiceIds = rows.flatMap(({ invoice_id }) => invoice_id ?? []);
    if (invoiceIds.length === 0) return noRefunds;
    const found = await this.refunds.find(invoiceIds);
    return new Map(
      rows.flatMap(({ id, invoice_id }) => {
        const refund = invoice_id === null ? undefined : found.get(invoice_id);
        return refund === undefined ? [] : [[id, refund] as const];
      }),
    );
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

function toRewardFacts(
  row: InviteStatusRow,
  side: Side,
  facts: Pick<RewardFacts, 'hasReferrer' | 'payer' | 'limits' | 'earned' | 'refund'>,
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
          },
  };
}
