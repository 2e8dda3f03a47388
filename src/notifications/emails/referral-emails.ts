import { Injectable } from '@nestjs/common';
import { maskEmail } from '../../platform/email-address.js';
import type { MessageValues, Translate } from '../../platform/i18n/translations.js';
import { formatDateFor, NotificationsService, type Side } from '../notifications.service.js';
import { Recipients, type Recipient } from '../ports.js';
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
  referrerId: string | null;
  referredId: string;
  holds: string[];
  releaseAt: string | null;
  state: string;
  reasons: string[];
  /** Whether the referrer had reached the cap. */
  capped: boolean;
  promised: ReferralReward[];
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
  ) {}

  /** Emails the referrer that a person signed up with their code. */
  async sendFriendJoined({ referralId, referrerId, referredId }: LinkedReferral): Promise<void> {
    await this.notifications.send(referrerId, {
      id: `referral-linked:${referralId}`,
      template: 'friendJoined',
      kind: 'friend_joined',
      values: async (t) => ({
        friend: await this.friendName(t, referredId),
        url: this.notifications.settingsUrl('invites'),
      }),
    });
  }

  /**
   * Emails one side of a first payment whose credit does not come at once: that it waits, or why
   * there is none.
   */
  async sendConverted(event: ConvertedReferral, side: Side): Promise<void> {
    const userId = side === 'referrer' ? event.referrerId : event.referredId;
    const template = convertedTemplate(event, side);
    if (userId === null || template === null) return;
    await this.notifications.send(userId, {
      id: `referral-converted:${event.conversionId}:${side}:held`,
      template,
      ...(template === 'friendCapped' || template === 'friendBudgetExhausted'
        ? { kind: 'friend_converted' as const }
        : {}),
      values: async (t, reader) => ({
        ...(await this.heldRewardValues(t, event, reader)),
        days: event.promised.find((own) => own.side === side)?.days ?? 0,
      }),
    });
  }

  /** Emails one side that their credit arrived. Nothing to do for a side that was not credited. */
  async sendCredited(event: CreditedReferral, side: Side): Promise<void> {
    const reward = event.credited.find((own) => own.side === side);
    if (reward === undefined) return;
    await this.notifications.send(reward.userId, {
      id: `referral-converted:${event.conversionId}:${side}`,
      template: side === 'referrer' ? 'creditedReferrer' : 'creditedReferred',
      values: async (t) => ({
        days: reward.days,
        friend: await this.friendName(t, event.referredId),
        url: this.notifications.settingsUrl('credit'),
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
      values: () => ({ invitations: ordinal, days, url: this.notifications.settingsUrl('credit') }),
    });
  }

  /** Emails one side what a person decided about an invitation before its first payment. */
  async sendReviewDecision(event: ReviewDecision, side: Side): Promise<void> {
    const userId = side === 'referrer' ? event.referrerId : event.referredId;
    if (userId === null) return;
    await this.notifications.send(userId, {
      id: `referral-reviewed:${event.referralId}:${side}:${event.at}`,
      template: event.decision === 'approved' ? 'referralApproved' : 'referralRejected',
      values: async (t) => ({ side, friend: await this.friendName(t, event.referredId) }),
    });
  }

  private async heldRewardValues(
    t: Translate,
    { referredId, holds, releaseAt }: ConvertedReferral,
    reader: Recipient,
  ): Promise<MessageValues> {
    const isDated = holds.length === 1 && holds[0] === 'refund_window' && releaseAt !== null;
    return {
      friend: await this.friendName(t, referredId),
      date: isDated ? formatDateFor(new Date(releaseAt), reader) : '',
      hasDate: isDated ? 'yes' : 'no',
      url: this.notifications.settingsUrl('invites'),
    };
  }

  private async friendName(t: Translate, userId: string): Promise<string> {
    const user = await this.recipients.find(userId);
    return user === null ? t('emails.unknownFriend') : maskEmail(user.email);
  }
}

/**
 * Null where credit came at once, which is an email of its own, or where a person learns of the
 * reversal instead.
 */
function convertedTemplate(
  { state, reasons, holds, capped }: ConvertedReferral,
  side: Side,
): EmailTemplate | null {
  if (reasons.includes('budget_exhausted')) return side === 'referrer' ? 'friendBudgetExhausted' : null;
  if (capped && side === 'referrer') return 'friendCapped';
  if (state !== 'held') return null;
  if (holds.includes('review')) return side === 'referrer' ? 'underReviewReferrer' : 'underReviewReferred';
  return side === 'referrer' ? 'heldReferrer' : 'heldReferred';
}
