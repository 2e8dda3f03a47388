import { Injectable } from '@nestjs/common';
import { lengthIn, type LetterName } from '../../mail/index.js';
import type { Words } from '../../platform/locale/words.js';
import { whatNext, whyNot, whySettled, type ReferralTurned } from '../../referral/index.js';
import { maskEmail } from '../../platform/email-address.js';
import { dateFor, Post } from './post.js';

type Side = 'referrer' | 'referred';

/** A payment that did not go through, as far as a letter needs it. */
interface FailedPayment {
  userId: string;
  invoiceId: string;
  actionRequired: boolean;
}

/** A grant by the team. */
interface Granted {
  entryId: string;
  userId: string;
  days: number;
}

/** The reactions that write to people when a payment fails, and when credit is given, goes, comes back or ends. */
@Injectable()
export class MoneyLetters {
  constructor(private readonly post: Post) {}

  /**
   * Tells one side that their credit does not stand, or not yet: days were taken, or those that were on their way do not
   * come. Nothing to do for a side that has none.
   */
  async mailTaken(event: ReferralTurned, side: Side): Promise<void> {
    const moved = event.moved.find((own) => own.side === side && own.days !== 0);
    const userId = moved?.userId ?? (side === 'referrer' ? event.referrerId : event.referredId);
    if (userId === null || (event.wasCredited && moved === undefined)) return;
    await this.post.write(userId, {
      id: `${event.name.replace('.', '-')}:${event.conversionId}:${side}:${event.turn}`,
      name: takenName(event),
      fill: async (t) => ({
        length: moved === undefined ? '' : lengthIn(t, Math.abs(moved.days)),
        occasion: await this.occasion(t, event, side),
        why: whyNot(event.reasons, t),
        next: whatNext(event.reasons, t),
        url: this.post.settingsUrl('credit'),
      }),
    });
  }

  /** Tells one side why days have come back. */
  async mailReturned(event: ReferralTurned, side: Side): Promise<void> {
    const moved = event.moved.find((own) => own.side === side && own.days !== 0);
    if (moved === undefined) return;
    await this.post.write(moved.userId, {
      id: `referral-restored:${event.conversionId}:${side}:${event.turn}`,
      name: 'returned',
      fill: async (t) => ({
        length: lengthIn(t, moved.days),
        occasion: await this.occasion(t, event, side),
        why: whySettled(event.reasons, t),
        url: this.post.settingsUrl('credit'),
      }),
    });
  }

  /** Tells somebody that the team gave them days. */
  async mailGranted({ entryId, userId, days }: Granted): Promise<void> {
    await this.post.write(userId, {
      id: `credit-granted:${entryId}`,
      name: 'granted',
      fill: () => ({ days, url: this.post.settingsUrl('credit') }),
    });
  }

  /** Tells somebody that their credit ends soon: once for each end. */
  async mailEnding({ userId, until }: { userId: string; until: Date }): Promise<void> {
    await this.post.write(userId, {
      id: `credit-ending:${userId}:${until.toISOString()}`,
      name: 'ending',
      kind: 'credit_ending',
      fill: (_t, reader) => ({ date: dateFor(until, reader), url: this.post.settingsUrl('referral') }),
    });
  }

  /** Tells a payer that a payment failed: once an invoice, however often it is tried. */
  async mailPaymentFailed({ userId, invoiceId, actionRequired }: FailedPayment): Promise<void> {
    await this.post.write(userId, {
      id: `payment-failed:${invoiceId}`,
      name: actionRequired ? 'paymentToConfirm' : 'paymentFailed',
      fill: () => ({ url: this.post.settingsUrl('subscription') }),
    });
  }

  /** What the days were for, in words. */
  private async occasion(t: Words, { referredId }: ReferralTurned, side: Side): Promise<string> {
    if (side === 'referred') return t('letters.occasion.firstPayment');
    const friend = await this.post.friend(referredId);
    return friend === null
      ? t('letters.occasion.invitation')
      : t('letters.occasion.friend', { friend: maskEmail(friend.email) });
  }
}

function takenName({ state, wasCredited }: ReferralTurned): LetterName {
  if (state === 'held') return 'underReview';
  if (!wasCredited) return 'withheld';
  return state === 'suspended' ? 'suspended' : 'taken';
}
