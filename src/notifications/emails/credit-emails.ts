import { Injectable } from '@nestjs/common';
import type { Publication } from '../../platform/jobs/outbox.js';
import { getTranslator, type Translate } from '../../platform/i18n/translations.js';
import { formatDateFor, NotificationsService, type Side } from '../notifications.service.js';
import { Recipients, RewardTexts, type Recipient, type RewardNoticeText } from '../ports.js';
import { countDays, formatDays } from '../../platform/ui/format.js';
import type { EmailTemplate } from './render-email.js';

/**
 * A reward that was taken back, put on hold or given back. `name` is the event's; `moved` lists who
 * got or lost how many days, `promised` who was to get any; `wasCredited` is false where the reward
 * had not arrived yet. `releaseAt` is ISO 8601.
 */
interface RewardChange {
  name: string;
  conversionId: string;
  referralId: string;
  referrerId: string | null;
  referredId: string;
  state: 'granted' | 'held' | 'suspended' | 'reversed';
  reasons: string[];
  holds: string[];
  releaseAt: string | null;
  wasCredited: boolean;
  /** Events of an earlier version do not say. */
  stateBefore?: string | null;
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
    private readonly recipients: Recipients,
    private readonly texts: RewardTexts,
  ) {}

  /**
   * Emails one side that their credit was reversed or held: days were taken back, do not come back,
   * or will not be credited yet. Nothing to do for a side that has none.
   */
  async sendCreditReversed(event: RewardChange, side: Side, { publicationId }: Publication): Promise<void> {
    const moved = movedDays(event, side);
    const userId = moved?.userId ?? (side === 'referrer' ? event.referrerId : event.referredId);
    if (userId === null || (moved === undefined && !isWithheldFrom(event, side))) return;
    const reader = await this.recipients.find(userId);
    const notice = reader && (await this.findNotice(event, side, reader));
    if (notice === null) return;
    // what moves nothing has no revision, and may happen several times
    const change = event.revision === 0 ? (publicationId ?? 0) : event.revision;
    await this.notifications.send(userId, {
      id: `${event.name.replace('.', '-')}:${event.conversionId}:${side}:${change}`,
      template: reversedTemplate(notice),
      values: async (t) => ({
        ...lengthValues(t, moved?.days ?? 0),
        occasion: await this.rewardReason(t, event, side),
        text: notice.text,
        why: notice.why ?? '',
        next: notice.next ?? '',
        url: this.notifications.pageUrl('/settings#credit'),
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
        ...lengthValues(t, moved.days),
        occasion: await this.rewardReason(t, event, side),
        why: this.texts.resolvedText(event.reasons, t),
        url: this.notifications.pageUrl('/settings#credit'),
      }),
    });
  }

  /** Emails a user that the team gave them days. */
  async sendCreditGranted({ entryId, userId, days }: ManualGrant): Promise<void> {
    await this.notifications.send(userId, {
      id: `credit-granted:${entryId}`,
      template: 'creditGranted',
      values: () => ({ days, url: this.notifications.pageUrl('/settings#credit') }),
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
        url: this.notifications.pageUrl('/settings#referral'),
      }),
    });
  }

  /** Emails a payer that a payment failed: once an invoice, however often it is tried. */
  async sendPaymentFailed({ userId, invoiceId, actionRequired }: FailedPayment): Promise<void> {
    await this.notifications.send(userId, {
      id: `payment-failed:${invoiceId}`,
      template: actionRequired ? 'paymentConfirmation' : 'paymentFailed',
      values: () => ({ url: this.notifications.pageUrl('/settings#subscription') }),
    });
  }

  /** What that side is shown of the reward, as the event reports it. */
  private findNotice(
    { referralId, releaseAt, ...event }: RewardChange,
    side: Side,
    reader: Recipient,
  ): Promise<RewardNoticeText | null> {
    const { state, reasons, holds, wasCredited } = event;
    const conversion = {
      ...{ state, reasons, holds, wasCredited },
      releaseAt: releaseAt === null ? null : new Date(releaseAt),
      capped: false, // a referrer beyond the cap is promised nothing
    };
    return this.texts.findNotice(
      { referralId, side, conversion },
      { t: getTranslator(reader.locale), formatDate: (at) => formatDateFor(at, reader) },
    );
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

/** Whether a side does not have the days of it, and would get them. */
function isWithheldFrom(event: RewardChange, side: Side): boolean {
  const { wasCredited, stateBefore = 'granted' } = event;
  return (!wasCredited || stateBefore !== 'granted') && wasPromised(event, side);
}

/** Whether a side was to get days. An event of an earlier version does not say: then it was. */
function wasPromised({ promised }: RewardChange, side: Side): boolean {
  return promised === undefined || promised.some((own) => own.side === side);
}

/** How many days or hours moved, and whether any did. */
function lengthValues(t: Translate, days: number): { length: string; moved: 'yes' | 'no' } {
  return { length: formatDays(t, Math.abs(days)), moved: countDays(days).count === 0 ? 'no' : 'yes' };
}

function reversedTemplate({ status }: RewardNoticeText): EmailTemplate {
  if (status === 'in_review') return 'creditUnderReview';
  if (status === 'held') return 'creditHeld';
  if (status === 'suspended') return 'creditSuspended';
  return status === 'taken_back' ? 'creditReversed' : 'creditWithheld';
}
