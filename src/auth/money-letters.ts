import { Inject, Injectable } from '@nestjs/common';
import {
  creditReturnedLetter,
  creditTakenLetter,
  paymentFailedLetter,
  SentLetters,
  type CreditOccasion,
} from '../mail/index.js';
import type { Config } from '../platform/config.js';
import { CONFIG } from '../platform/tokens.js';
import { whatNext, whyNot, whySettled, type ReferralTurned } from '../referral/index.js';
import { maskEmail } from './email-address.js';
import type { User } from './user.js';
import { Users } from './users.js';

type Side = 'referrer' | 'referred';

interface Turned {
  user: User;
  days: number;
  occasion: CreditOccasion;
}

/** A payment that did not go through, as far as a letter needs it. */
interface FailedPayment {
  userId: string;
  invoiceId: string;
  actionRequired: boolean;
}

/**
 * The reactions that write to people when a payment fails, and when credit goes or comes back with the money. The id of a
 * letter names the fact, and which turn of it: it is sent once.
 */
@Injectable()
export class MoneyLetters {
  constructor(
    private readonly sent: SentLetters,
    private readonly users: Users,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Tells one side why days were taken. Nothing to do for a side that lost none, or is gone. */
  async mailTaken(event: ReferralTurned, side: Side): Promise<void> {
    const turned = await this.turnedSide(event, side);
    if (turned === null) return;
    await this.sent.sendOnce({
      id: `referral-reversed:${event.conversionId}:${side}:${event.turn}`,
      to: turned.user.email,
      ...creditTakenLetter({
        ...turned,
        isSuspended: event.state === 'suspended',
        why: whyNot(event.reasons),
        next: whatNext(event.reasons),
        settingsUrl: this.settingsUrl('credit'),
      }),
    });
  }

  /** Tells one side why days have come back. */
  async mailReturned(event: ReferralTurned, side: Side): Promise<void> {
    const turned = await this.turnedSide(event, side);
    if (turned === null) return;
    await this.sent.sendOnce({
      id: `referral-restored:${event.conversionId}:${side}:${event.turn}`,
      to: turned.user.email,
      ...creditReturnedLetter({
        ...turned,
        why: whySettled(event.reasons),
        settingsUrl: this.settingsUrl('credit'),
      }),
    });
  }

  /** Tells a payer that a payment failed: once an invoice, however often it is tried. */
  async mailPaymentFailed({ userId, invoiceId, actionRequired }: FailedPayment): Promise<void> {
    const user = await this.users.byId(userId);
    if (user === null) return;
    await this.sent.sendOnce({
      id: `payment-failed:${invoiceId}`,
      to: user.email,
      ...paymentFailedLetter(actionRequired, this.settingsUrl('subscription')),
    });
  }

  private async turnedSide(event: ReferralTurned, side: Side): Promise<Turned | null> {
    const moved = event.moved.find((own) => own.side === side && own.days !== 0);
    const user = moved && (await this.users.byId(moved.userId));
    if (!moved || !user) return null;
    const friend = side === 'referrer' ? await this.users.byId(event.referredId) : null;
    const occasion: CreditOccasion =
      side === 'referrer'
        ? { kind: 'invitation', friend: friend && maskEmail(friend.email) }
        : { kind: 'first_payment' };
    return { user, days: Math.abs(moved.days), occasion };
  }

  private settingsUrl(section: string): string {
    return `${this.config.baseUrl}/settings#${section}`;
  }
}
