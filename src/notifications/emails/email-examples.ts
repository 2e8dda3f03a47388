import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { addMs, dayMs, minuteMs } from '../../platform/durations.js';
import { Secrets } from '../../platform/security/secrets.js';
import { type EmailMessage, Mailer } from '../mailers/mailer.js';
import { NotificationsService } from '../notifications.service.js';
import {
  ExampleReferrals,
  Recipients,
  RewardTexts,
  type ExampleReferral,
  type Recipient,
  type RewardNoticeText,
  type RewardSubject,
} from '../ports.js';
import { optionalEmails } from '../preferences/email-opt-out.entity.js';
import { UnsubscribeLinks } from '../preferences/email-preferences.js';
import {
  AccountEmails,
  type SealedEmailChange,
  type SealedSignInCode,
  type SealedStaffInvitation,
} from './account-emails.js';
import { CreditEmails } from './credit-emails.js';
import { ReferralEmails } from './referral-emails.js';
import type { EmailTemplate } from './render-email.js';
import { WebhookEmails } from './webhook-emails.js';

/** Ids of no account: a link in an example changes nothing of the people it names. */
const ids = {
  referralId: '00000000-0000-7000-8000-000000000001',
  conversionId: '00000000-0000-7000-8000-000000000002',
  referrerId: '00000000-0000-7000-8000-000000000003',
  referredId: '00000000-0000-7000-8000-000000000004',
  otherId: '00000000-0000-7000-8000-000000000005',
};

/**
 * Each email as its sender makes it, for the gallery of local mode. Only what happened is made up:
 * emails about a reward name the people and the terms of the newest referral there is.
 */
@Injectable()
export class EmailExamples {
  // eslint-disable-next-line max-params -- what all senders need between them
  constructor(
    private readonly referrals: ExampleReferrals,
    private readonly texts: RewardTexts,
    private readonly unsubscribeLinks: UnsubscribeLinks,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** One email in one language. */
  async render(template: EmailTemplate, locale: string): Promise<EmailMessage> {
    const referral = await this.referrals.findNewest();
    const outbox = new ExampleOutbox();
    const occasion: Occasion = {
      referral,
      now: this.clock.now(),
      locale,
      baseUrl: this.config.baseUrl,
      seal: (content) => this.secrets.seal('sealed_event', JSON.stringify(content)),
    };
    await examples[template](this.createSenders(template, occasion, outbox), occasion);
    const message = outbox.sent.find((own) => own.template === template);
    if (message === undefined) throw new Error(`The example of ${template} is not sent as that email`);
    return message;
  }

  private createSenders(
    template: EmailTemplate,
    { referral, locale }: Occasion,
    outbox: ExampleOutbox,
  ): Senders {
    const recipients = new ExampleRecipients(locale);
    const texts = new ExampleTexts(referral, decisions[template] ?? null, this.texts);
    const preferences = { findWanted: () => Promise.resolve([...optionalEmails]) };
    const deliveries = { sendOnce: (message: EmailMessage) => outbox.send(message) };
    const notifications = new NotificationsService(
      deliveries,
      recipients,
      preferences,
      this.unsubscribeLinks,
      this.config,
    );
    return {
      account: new AccountEmails(outbox, notifications, recipients, this.secrets, this.clock),
      credit: new CreditEmails(notifications, recipients, texts),
      referral: new ReferralEmails(notifications, recipients, texts),
      webhook: new WebhookEmails(notifications, recipients),
    };
  }
}

/** Keeps what is sent. */
class ExampleOutbox extends Mailer {
  readonly sent: EmailMessage[] = [];

  send(message: EmailMessage): Promise<void> {
    this.sent.push(message);
    return Promise.resolve();
  }
}

/** Everybody is one person who reads a language. */
class ExampleRecipients extends Recipients {
  constructor(private readonly locale: string) {
    super();
  }

  find(id: string): Promise<Recipient> {
    const { locale } = this;
    return Promise.resolve({ id, email: 'anna@example.org', displayName: null, locale, timeZone: 'UTC' });
  }

  findAccountEmail(): Promise<null> {
    return Promise.resolve(null);
  }

  findAdminIds(): Promise<string[]> {
    return Promise.resolve([ids.otherId]);
  }

  findUserAgent(): Promise<string> {
    return Promise.resolve('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0');
  }

  lockActive(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

/** What people are shown of the referral of an example, with what happens to it in the example. */
class ExampleTexts extends RewardTexts {
  constructor(
    private readonly referral: ExampleReferral,
    private readonly decision: 'approved' | 'rejected' | null,
    private readonly texts: RewardTexts,
  ) {
    super();
  }

  findNotice(
    { side, conversion }: RewardSubject,
    reader: Parameters<RewardTexts['findNotice']>[1],
  ): Promise<RewardNoticeText> {
    const { decision } = this;
    return Promise.resolve(this.referral.notice({ side, conversion: conversion ?? null, decision }, reader));
  }

  findFriendName(): Promise<string> {
    return Promise.resolve(this.referral.friendName);
  }

  findInviterName(): Promise<string | null> {
    return Promise.resolve(this.referral.inviterName);
  }

  resolvedText(...said: Parameters<RewardTexts['resolvedText']>): string {
    return this.texts.resolvedText(...said);
  }
}

/** What the team decided before the email; nothing for the others. */
const decisions: Partial<Record<EmailTemplate, 'approved' | 'rejected'>> = {
  referralApproved: 'approved',
  referralRejected: 'rejected',
};

interface Senders {
  account: AccountEmails;
  credit: CreditEmails;
  referral: ReferralEmails;
  webhook: WebhookEmails;
}

/** Whom and when an example is about. */
interface Occasion {
  referral: ExampleReferral;
  now: Date;
  locale: string;
  baseUrl: string;
  seal: (content: SealedSignInCode | SealedStaffInvitation | SealedEmailChange) => string;
}

/** What happens for each email to be sent. */
const examples: Record<EmailTemplate, (senders: Senders, occasion: Occasion) => Promise<void>> = {
  signInCode: ({ account }, { seal, now, locale, referral }) =>
    account.sendSignInCode({
      challengeId: ids.otherId,
      sealed: seal({
        ...{ email: 'bert@example.org', code: '482913', validMinutes: 10, locale },
        expiresAt: addMs(now, 10 * minuteMs).toISOString(),
        invitation: { referrerId: ids.referrerId, name: referral.inviterName },
      }),
    }),
  newDevice: ({ account }, { now }) =>
    account.sendNewDeviceSignedIn({
      ...{ userId: ids.referrerId, sessionId: ids.otherId },
      at: now.toISOString(),
    }),
  emailChanged: ({ account }, { seal, locale }) =>
    account.sendEmailChanged({
      ...{ userId: ids.referrerId, changeId: ids.otherId },
      sealed: seal({ oldEmail: 'anna@example.org', newEmail: 'anna@example.com', locale }),
    }),
  staffInvitation: ({ account }, { seal, locale, baseUrl }) =>
    account.sendStaffInvitation({
      invitationId: ids.otherId,
      sealed: seal({
        ...{ email: 'carla@example.org', role: 'support', days: 7, locale },
        url: `${baseUrl}/staff-invitation?token=example`,
      }),
    }),
  testEmail: ({ account }, { locale }) => account.sendTestEmail({ email: 'anna@example.org', locale }),
  secondFactorAdded: ({ account }) =>
    account.sendSecondFactorAdded({ userId: ids.referrerId, changeId: ids.otherId, kind: 'passkey' }),
  secondFactorRemoved: ({ account }) =>
    account.sendSecondFactorRemoved({ userId: ids.referrerId, changeId: ids.otherId, kind: 'app' }),
  secondFactorGuessed: ({ account }) =>
    account.sendSecondFactorGuessed({ userId: ids.referrerId, seriesId: ids.otherId, attempts: 5 }),
  accountsMerged: ({ account }) =>
    account.sendAccountsMerged({
      ...{ mergeId: ids.otherId, fromUserId: ids.referredId, intoUserId: ids.referrerId },
    }),
  friendJoined: ({ referral }) => referral.sendFriendJoined(ids),
  friendNoReward: ({ referral }) => referral.sendConverted(withoutReward, 'referrer'),
  ownNoReward: ({ referral }) => referral.sendConverted(withoutReward, 'referred'),
  heldReferrer: ({ referral }, occasion) => referral.sendConverted(waiting(occasion), 'referrer'),
  heldReferred: ({ referral }, occasion) => referral.sendConverted(waiting(occasion), 'referred'),
  underReviewReferrer: ({ referral }) => referral.sendConverted(underReview, 'referrer'),
  underReviewReferred: ({ referral }) => referral.sendConverted(underReview, 'referred'),
  creditedReferrer: ({ referral }, occasion) => referral.sendCredited(credited(occasion), 'referrer'),
  creditedReferred: ({ referral }, occasion) => referral.sendCredited(credited(occasion), 'referred'),
  creditGranted: ({ credit }) =>
    credit.sendCreditGranted({ entryId: ids.otherId, userId: ids.referrerId, days: 10 }),
  creditExpiring: ({ credit }, { now }) =>
    credit.sendCreditExpiring({ userId: ids.referrerId, until: addMs(now, 7 * dayMs) }),
  creditSuspended: ({ credit }, occasion) =>
    credit.sendCreditReversed(
      { ...taken(occasion), state: 'suspended', reasons: ['dispute_open'] },
      'referrer',
      {},
    ),
  creditReversed: ({ credit }, occasion) => credit.sendCreditReversed(taken(occasion), 'referrer', {}),
  creditWithheld: ({ credit }, occasion) =>
    credit.sendCreditReversed({ ...taken(occasion), wasCredited: false, moved: [] }, 'referrer', {}),
  creditUnderReview: ({ credit }, occasion) =>
    credit.sendCreditReversed(
      { ...taken(occasion), name: 'referral.held', state: 'held', reasons: [], holds: ['review'] },
      'referrer',
      {},
    ),
  creditHeld: ({ credit }, occasion) =>
    credit.sendCreditReversed(
      {
        ...{ ...taken(occasion), name: 'referral.held', state: 'held', reasons: [], moved: [] },
        ...{ wasCredited: false, holds: ['refund_window'], releaseAt: waiting(occasion).releaseAt },
      },
      'referrer',
      {},
    ),
  creditRestored: ({ credit }, occasion) =>
    credit.sendCreditRestored(
      {
        ...{ ...taken(occasion), name: 'referral.restored', state: 'granted', reasons: ['dispute_open'] },
        moved: rewards(occasion, 1),
      },
      'referrer',
    ),
  milestone: ({ referral }, { referral: { milestone } }) =>
    referral.sendMilestone({
      ...{ referrerId: ids.referrerId, ordinal: milestone.every, days: milestone.days },
      isGranted: true,
    }),
  referralApproved: ({ referral }, { now }) =>
    referral.sendReviewDecision({ ...ids, decision: 'approved', at: now.toISOString() }, 'referrer'),
  referralRejected: ({ referral }, { now }) =>
    referral.sendReviewDecision({ ...ids, decision: 'rejected', at: now.toISOString() }, 'referred'),
  paymentFailed: ({ credit }) =>
    credit.sendPaymentFailed({ userId: ids.referrerId, invoiceId: 'in_example', actionRequired: false }),
  paymentConfirmation: ({ credit }) =>
    credit.sendPaymentFailed({ userId: ids.referrerId, invoiceId: 'in_example', actionRequired: true }),
  webhookEndpointDisabled: ({ webhook }, { now }) =>
    webhook.sendEndpointDisabled({
      ...{ endpointId: ids.otherId, host: 'app.example', reason: 'failing', at: now.toISOString() },
    }),
};

const converted = { ...ids, holds: [], releaseAt: null, reasons: [], capped: false };
const withoutReward = { ...converted, state: 'reversed' as const, reasons: ['budget_exhausted'] };
const underReview = { ...converted, state: 'held' as const, holds: ['review'] };

/** A first payment whose reward waits until it can no longer be refunded. */
function waiting({ referral, now }: Occasion) {
  const releaseAt = addMs(now, referral.holdDays * dayMs).toISOString();
  return { ...converted, state: 'held' as const, holds: ['refund_window'], releaseAt };
}

function credited(occasion: Occasion) {
  return { ...ids, credited: rewards(occasion, 1) };
}

/** A reward that was taken back, since its payment was refunded. */
function taken(occasion: Occasion) {
  const event = { name: 'referral.reversed', state: 'reversed' as const, reasons: ['refunded'] };
  const after = { holds: [], releaseAt: null, wasCredited: true };
  return {
    ...ids,
    ...event,
    ...after,
    moved: rewards(occasion, -1),
    promised: rewards(occasion, 1),
    revision: 1,
  };
}

function rewards({ referral: { referrerDays, referredDays } }: Occasion, sign: 1 | -1) {
  return [
    { side: 'referrer' as const, userId: ids.referrerId, days: sign * referrerDays },
    { side: 'referred' as const, userId: ids.referredId, days: sign * referredDays },
  ];
}
