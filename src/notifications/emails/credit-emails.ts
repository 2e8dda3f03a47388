import { Injectable } from '@nestjs/common';
import type { Translate } from '../../platform/i18n/translations.js';
import { formatDateFor, NotificationsService, type Side } from '../notifications.service.js';
import { RewardTexts } from '../ports.js';
import { countDays, formatDays } from '../../platform/ui/format.js';
import type { EmailTemplate } from './render-email.js';

/**
 * A reward that was taken back, put on hold or given back. `name` is the event's; `moved` lists who
 * got or lost how many days, `promised` who was to get any; `wasCredited` is false where the reward
 * had not arrived yet.
 */
interface RewardChange {
  name: string;
  conversionId: string;
  referralId: string;
  referrerId: string | null;
  referredId: string;
  state: string;
  reasons: string[];
  wasCredited: boolean;
  moved: { side: Side; userId: string; days: number }[];
  promised?: { side: Side }[];
  revision: number;
}

/** A payment that did not go through, as far as an email needs it. */
interface FailedPayment {
  userId: string;
  invoiceId: string;
  actionRequired: boolean;
}

/** A grant by the team. */
interface ManualGrant {
  entryId: string;
  userId: string;
  days: number;
}

/** Credit that ends soon. */
interface ExpiringCredit {
  userId: string;
  until: Date;
}

/**
 * Emails to users when a payment fails, and when credit is granted, reversed, restored or ends.
 * Called by event handlers.
 */
@Injectable()
export class CreditEmails {
  constructor(
    private readonly notifications: NotificationsService,
    private readonly texts: RewardTexts,
  ) {}

  /**
   * Emails one side that their credit was reversed or held: days were taken back, or will not be
   * credited yet. Nothing to do for a side that has none.
   */
  async sendCreditReversed(event: RewardChange, side: Side): Promise<void> {
    const moved = movedDays(event, side);
    const userId = moved?.userId ?? (side === 'referrer' ? event.referrerId : event.referredId);
    if (userId === null || (event.wasCredited && moved === undefined)) return;
    if (!event.wasCredited && !wasPromised(event, side)) return;
    await this.notifications.send(userId, {
      id: `${event.name.replace('.', '-')}:${event.conversionId}:${side}:${event.revision}`,
      template: reversedTemplate(event),
      values: async (t, reader) => ({
        length: moved === undefined ? '' : formatDays(t, Math.abs(moved.days)),
        occasion: await this.rewardReason(t, event, side),
        why: await this.texts.findReasons(
          { referralId: event.referralId, side, reasons: event.reasons },
          { t, formatDate: (at) => formatDateFor(at, reader) },
        ),
        next: this.texts.nextStepText(event.reasons, t),
        url: this.notifications.settingsUrl('credit'),
      }),
    });
  }

  /** Emails one side why days have come back. */
  async sendCreditRestored(event: RewardChange, side: Side): Promise<void> {
    const moved = movedDays(event, side);
    if (moved === undefined) return;
    await this.notifications.send(moved.userId, {
      id: `referral-restored:${event.conversionId}:${side}:${event.revision}`,
      template: 'creditRestored',
      values: async (t) => ({
        length: formatDays(t, moved.days),
        occasion: await this.rewardReason(t, event, side),
        why: this.texts.resolvedText(event.reasons, t),
        url: this.notifications.settingsUrl('credit'),
      }),
    });
  }

  /** Emails a user that the team gave them days. */
  async sendCreditGranted({ entryId, userId, days }: ManualGrant): Promise<void> {
    await this.notifications.send(userId, {
      id: `credit-granted:${entryId}`,
      template: 'creditGranted',
      values: () => ({ days, url: this.notifications.settingsUrl('credit') }),
    });
  }

  /** Emails a user that their credit ends soon: once for each end. */
  async sendCreditExpiring({ userId, until }: ExpiringCredit): Promise<void> {
    await this.notifications.send(userId, {
      id: `credit-expiring:${userId}:${until.toISOString()}`,
      template: 'creditExpiring',
      kind: 'credit_expiring',
      values: (_t, reader) => ({
        date: formatDateFor(until, reader),
        url: this.notifications.settingsUrl('referral'),
      }),
    });
  }

  /** Emails a payer that a payment failed: once an invoice, however often it is tried. */
  async sendPaymentFailed({ userId, invoiceId, actionRequired }: FailedPayment): Promise<void> {
    await this.notifications.send(userId, {
      id: `payment-failed:${invoiceId}`,
      template: actionRequired ? 'paymentConfirmation' : 'paymentFailed',
      values: () => ({ url: this.notifications.settingsUrl('subscription') }),
    });
  }

  /** What the days were for, in words. */
  private async rewardReason(
    t: Translate,
    { referrerId, referredId }: RewardChange,
    side: Side,
  ): Promise<string> {
    if (side === 'referred') {
      const inviter = await this.texts.findInviterName(referredId);
      return inviter === null
        ? t('emails.rewardReason.firstPayment')
        : t('emails.rewardReason.invitationBy', { inviter });
    }
    const friend = referrerId === null ? null : await this.texts.findFriendName(referrerId, referredId);
    return friend === null
      ? t('emails.rewardReason.invitation')
      : t('emails.rewardReason.friend', { friend });
  }
}

/** What a side got or lost, if people count it as anything. */
function movedDays({ moved }: RewardChange, side: Side): RewardChange['moved'][number] | undefined {
  return moved.find((own) => own.side === side && countDays(own.days).count > 0);
}

/** Whether a side was to get days. An event of an earlier version does not say: then it was. */
function wasPromised({ promised }: RewardChange, side: Side): boolean {
  return promised === undefined || promised.some((own) => own.side === side);
}

function reversedTemplate({ state, wasCredited }: RewardChange): EmailTemplate {
  if (state === 'held') return 'creditUnderReview';
  if (!wasCredited) return 'creditWithheld';
  return state === 'suspended' ? 'creditSuspended' : 'creditReversed';
}
