import { Injectable } from '@nestjs/common';
import { getTranslator, type Translate } from '../../platform/i18n/translations.js';
import { formatDateFor, NotificationsService, type Side } from '../notifications.service.js';
import {
  Recipients,
  RewardTexts,
  type Recipient,
  type RewardNoticeText,
  type RewardSubject,
} from '../ports.js';
import type { EmailTemplate } from './render-email.js';

/** An invited person who signed up. */
interface LinkedReferral {
  referralId: string;
  referrerId: string;
  referredId: string;
}

/** What the two people of a referral get. */
interface ReferralReward {
  side: Side;
  userId: string;
  days: number;
}

/**
 * A referral with its first payment. `holds`: what its reward waits for; `releaseAt` is ISO 8601.
 */
interface ConvertedReferral {
  conversionId: string;
  referralId: string;
  referrerId: string | null;
  referredId: string;
  holds: string[];
  releaseAt: string | null;
  state: 'granted' | 'held' | 'suspended' | 'reversed';
  reasons: string[];
  /** Whether the referrer had reached the cap. */
  capped: boolean;
}

/** A referral of which the reward arrived. */
interface CreditedReferral {
  conversionId: string;
  referredId: string;
  credited: ReferralReward[];
}

/** Extra days for a number of invitations. */
interface Milestone {
  referrerId: string;
  ordinal: number;
  days: number;
  isGranted: boolean;
}

/** A decision of the team about a referral. `at` is ISO 8601. */
interface ReviewDecision {
  referralId: string;
  referrerId: string | null;
  referredId: string;
  decision: 'approved' | 'rejected';
  at: string;
}

/**
 * Emails to the referrer and the referred user, from the invitation to the credit. Called by event
 * handlers.
 */
@Injectable()
export class ReferralEmails {
  constructor(
    private readonly notifications: NotificationsService,
    private readonly recipients: Recipients,
    private readonly texts: RewardTexts,
  ) {}

  /** Emails the referrer that a person signed up with their code, and what that brings them. */
  async sendFriendJoined({ referralId, referrerId, referredId }: LinkedReferral): Promise<void> {
    await this.notifications.send(referrerId, {
      id: `referral-linked:${referralId}`,
      template: 'friendJoined',
      kind: 'friend_joined',
      values: async (t, reader) => ({
        ...toValues(await this.findNotice({ referralId, side: 'referrer' }, t, reader)),
        friend: await this.friendName(t, referrerId, referredId),
        url: this.notifications.pageUrl('/invite#invites'),
      }),
    });
  }

  /**
   * Emails one side of a first payment whose credit does not come at once: that it waits, or why
   * there is none. Nothing to do where it came, which is an email of its own, and for a side that
   * the terms give no days.
   */
  async sendConverted(event: ConvertedReferral, side: Side): Promise<void> {
    const userId = side === 'referrer' ? event.referrerId : event.referredId;
    const reader = userId === null ? null : await this.recipients.find(userId);
    const isCredited = event.state === 'granted' && !(event.capped && side === 'referrer');
    if (userId === null || reader === null || isCredited) return;
    const { conversionId, referralId, referredId, state, reasons, holds, capped } = event;
    const releaseAt = event.releaseAt === null ? null : new Date(event.releaseAt);
    const conversion = { state, reasons, holds, releaseAt, wasCredited: false, capped };
    const subject = { referralId, side, conversion };
    const notice = await this.findNotice(subject, getTranslator(reader.locale), reader);
    if (notice === null || notice.promisedDays === 0) return;
    const template = convertedTemplate(notice, side);
    await this.notifications.send(userId, {
      id: `referral-converted:${conversionId}:${side}:held`,
      template,
      ...(template === 'friendNoReward' ? { kind: 'friend_converted' as const } : {}),
      values: async (t) => ({
        ...toValues(notice),
        ...(await this.names(t, side, { userId, referredId })),
        url: this.invitationUrl(referralId, side),
      }),
    });
  }

  /** Emails one side that their credit arrived. Nothing to do for a side that was not credited. */
  async sendCredited(event: CreditedReferral, side: Side): Promise<void> {
    const reward = event.credited.find((own) => own.side === side);
    if (reward === undefined || reward.days <= 0) return;
    await this.notifications.send(reward.userId, {
      id: `referral-converted:${event.conversionId}:${side}`,
      template: side === 'referrer' ? 'creditedReferrer' : 'creditedReferred',
      values: async (t) => ({
        days: reward.days,
        ...(await this.names(t, side, { userId: reward.userId, referredId: event.referredId })),
        url: this.notifications.pageUrl('/settings#credit'),
      }),
    });
  }

  /** Emails a referrer that they reached a milestone and earned extra days. */
  async sendMilestone({ referrerId, ordinal, days, isGranted }: Milestone): Promise<void> {
    if (!isGranted) return;
    await this.notifications.send(referrerId, {
      id: `milestone:${referrerId}:${ordinal}`, // one that comes back is no second one
      template: 'milestone',
      kind: 'milestone',
      values: () => ({ invitations: ordinal, days, url: this.notifications.pageUrl('/settings#credit') }),
    });
  }

  /**
   * Emails one side what a person decided about an invitation before its first payment. Nothing to
   * do for a referrer whose friend is erased.
   */
  async sendReviewDecision(event: ReviewDecision, side: Side): Promise<void> {
    const userId = side === 'referrer' ? event.referrerId : event.referredId;
    if (userId === null) return;
    if (side === 'referrer' && (await this.texts.findFriendName(userId, event.referredId)) === null) return;
    await this.notifications.send(userId, {
      id: `referral-reviewed:${event.referralId}:${side}:${event.at}`,
      template: event.decision === 'approved' ? 'referralApproved' : 'referralRejected',
      values: async (t, reader) => ({
        ...toValues(await this.findNotice({ referralId: event.referralId, side }, t, reader)),
        side,
        ...(await this.names(t, side, { userId, referredId: event.referredId })),
        url: this.invitationUrl(event.referralId, side),
      }),
    });
  }

  /** Where a side reads what became of an invitation, and why. */
  private invitationUrl(referralId: string, side: Side): string {
    const path = side === 'referrer' ? `/settings/invites/${referralId}` : '/settings#invitation';
    return this.notifications.pageUrl(path);
  }

  private findNotice(
    subject: RewardSubject,
    t: Translate,
    reader: Recipient,
  ): Promise<RewardNoticeText | null> {
    return this.texts.findNotice(subject, { t, formatDate: (at) => formatDateFor(at, reader) });
  }

  /** Whom an email names: to the referrer the friend, to the friend who invited them. */
  private async names(
    t: Translate,
    side: Side,
    { userId, referredId }: { userId: string; referredId: string },
  ): Promise<{ friend: string; inviter: string }> {
    if (side === 'referrer') return { friend: await this.friendName(t, userId, referredId), inviter: '' };
    const inviter = await this.texts.findInviterName(referredId);
    return { friend: '', inviter: inviter ?? t('emails.unknownInviter') };
  }

  private async friendName(t: Translate, referrerId: string, referredId: string): Promise<string> {
    return (await this.texts.findFriendName(referrerId, referredId)) ?? t('emails.unknownFriend');
  }
}

function convertedTemplate({ status }: RewardNoticeText, side: Side): EmailTemplate {
  const isReferrer = side === 'referrer';
  if (status === 'in_review') return isReferrer ? 'underReviewReferrer' : 'underReviewReferred';
  if (status === 'held') return isReferrer ? 'heldReferrer' : 'heldReferred';
  return isReferrer ? 'friendNoReward' : 'ownNoReward';
}

/** What a notice fills an email with. */
function toValues(
  notice: RewardNoticeText | null,
): Record<'text' | 'why' | 'next', string> & { days: number } {
  return {
    days: notice?.days ?? 0,
    text: [notice?.text, notice?.worth].filter(Boolean).join(' '),
    why: notice?.why ?? '',
    next: notice?.next ?? '',
  };
}
