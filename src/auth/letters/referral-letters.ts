import { Injectable } from '@nestjs/common';
import type { LetterName } from '../../mail/index.js';
import type { Values, Words } from '../../platform/locale/words.js';
import type {
  ConversionFacts,
  ReferralConverted,
  ReferralCredited,
  ReferralLinked,
  ReferralMilestone,
  ReferralReviewed,
} from '../../referral/index.js';
import { maskEmail } from '../../platform/email-address.js';
import { dateFor, Post } from './post.js';
import type { User } from '../user.js';

type Side = 'referrer' | 'referred';

/** The reactions that write to both people of a referral on its way from the invitation to the credit. */
@Injectable()
export class ReferralLetters {
  constructor(private readonly post: Post) {}

  /** Tells the referrer that somebody signed up with their code. */
  async mailJoined({ referralId, referrerId, referredId }: ReferralLinked): Promise<void> {
    await this.post.write(referrerId, {
      id: `referral-linked:${referralId}`,
      name: 'friendJoined',
      kind: 'friend_joined',
      fill: async (t) => ({
        friend: await this.friend(t, referredId),
        url: this.post.settingsUrl('invites'),
      }),
    });
  }

  /** Tells one side of a first payment whose credit does not come at once: that it waits, or why there is none. */
  async mailConverted(event: ReferralConverted, side: Side): Promise<void> {
    const userId = side === 'referrer' ? event.referrerId : event.referredId;
    const name = letterFor(event, side);
    if (userId === null || name === null) return;
    await this.post.write(userId, {
      id: `referral-converted:${event.conversionId}:${side}:waits`,
      name,
      ...(name === 'friendCapped' || name === 'friendTooLate' ? { kind: 'friend_converted' as const } : {}),
      fill: async (t, reader) => ({
        ...(await this.waits(t, event, reader)),
        days: event.promised.find((own) => own.side === side)?.days ?? 0,
      }),
    });
  }

  /** Tells one side that their credit arrived. Nothing to do for a side that was not credited. */
  async mailArrived(event: ReferralCredited, side: Side): Promise<void> {
    const reward = event.credited.find((own) => own.side === side);
    if (reward === undefined) return;
    await this.post.write(reward.userId, {
      id: `referral-converted:${event.conversionId}:${side}`,
      name: side === 'referrer' ? 'arrivedReferrer' : 'arrivedReferred',
      fill: async (t) => ({
        days: reward.days,
        friend: await this.friend(t, event.referredId),
        url: this.post.settingsUrl('credit'),
      }),
    });
  }

  /** Tells a referrer that so many of their invitations stand that they earned extra days. */
  async mailMilestone({ referrerId, ordinal, days, stands }: ReferralMilestone): Promise<void> {
    if (!stands) return;
    await this.post.write(referrerId, {
      id: `milestone:${referrerId}:${ordinal}`, // one that comes back is no second one
      name: 'milestone',
      kind: 'milestone',
      fill: () => ({ invitations: ordinal, days, url: this.post.settingsUrl('credit') }),
    });
  }

  /** Tells one side what somebody decided about an invitation before its first payment. */
  async mailReviewed(event: ReferralReviewed, side: Side): Promise<void> {
    const userId = side === 'referrer' ? event.referrerId : event.referredId;
    if (userId === null) return;
    await this.post.write(userId, {
      id: `referral-reviewed:${event.referralId}:${side}:${event.at}`,
      name: event.decision === 'approved' ? 'accepted' : 'notAccepted',
      fill: async (t) => ({ side, friend: await this.friend(t, event.referredId) }),
    });
  }

  private async waits(
    t: Words,
    { referredId, holds, releaseAt }: ConversionFacts,
    reader: User,
  ): Promise<Values> {
    const isDated = holds.length === 1 && holds[0] === 'refund_window' && releaseAt !== null;
    return {
      friend: await this.friend(t, referredId),
      date: isDated ? dateFor(new Date(releaseAt), reader) : '',
      hasDate: isDated ? 'yes' : 'no',
      url: this.post.settingsUrl('invites'),
    };
  }

  private async friend(t: Words, userId: string): Promise<string> {
    const user = await this.post.friend(userId);
    return user === null ? t('letters.somebody') : maskEmail(user.email);
  }
}

/** Null where credit came at once, which is a letter of its own, or where somebody is told of the reversal instead. */
function letterFor({ state, reasons, holds, capped }: ReferralConverted, side: Side): LetterName | null {
  if (reasons.includes('budget_exhausted')) return side === 'referrer' ? 'friendTooLate' : null;
  if (capped && side === 'referrer') return 'friendCapped';
  if (state !== 'held') return null;
  if (holds.includes('review')) return side === 'referrer' ? 'reviewedReferrer' : 'reviewedReferred';
  return side === 'referrer' ? 'heldReferrer' : 'heldReferred';
}
