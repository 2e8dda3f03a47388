import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { deviceName } from '../../platform/device-name.js';
import { maskEmail } from '../../platform/email-address.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { Secrets } from '../../platform/security/secrets.js';
import { Mailer } from '../mailers/mailer.js';
import { formatTimeFor, NotificationsService } from '../notifications.service.js';
import { Recipients } from '../ports.js';
import { renderEmail } from './render-email.js';

/**
 * What the job of a sign-in code seals. `expiresAt` is ISO 8601, `locale` the language of the
 * requester.
 */
export interface SealedSignInCode {
  email: string;
  code: string;
  expiresAt: string;
  validMinutes: number;
  locale?: string;
  /** The invitation it was asked with: of whom, and the name that they chose. */
  invitation?: { referrerId: string; name: string | null } | null;
}

/** What the job of a changed address seals. */
export interface SealedEmailChange {
  oldEmail: string;
  newEmail: string;
  locale?: string;
}

/** What the job of an invitation to the staff seals. `days`: how long `url` is valid. */
export interface SealedStaffInvitation {
  email: string;
  role: 'support' | 'admin';
  url: string;
  days: number;
  locale: string;
}

/** An invitation to send. `sealed` holds a {@link SealedStaffInvitation}. */
interface InvitedStaff {
  invitationId: string;
  sealed: string;
}

/** A sign-in code to send. `sealed` holds a {@link SealedSignInCode}. */
interface IssuedChallenge {
  challengeId: string;
  sealed: string;
}

/** An account that has a new address. `sealed` holds a {@link SealedEmailChange}. */
interface ChangedEmail {
  userId: string;
  changeId: string;
  sealed: string;
}

/** A sign-in on a new device. `at` is ISO 8601. */
interface NewDeviceSignIn {
  userId: string;
  sessionId: string;
  at: string;
}

/** A second factor that was added or removed. `changeId` is new for each change. */
interface ChangedSecondFactor {
  userId: string;
  changeId: string;
  kind: 'passkey' | 'app' | 'all';
}

/** A series of wrong second factors. `seriesId` is new for each series. */
interface GuessedSecondFactor {
  userId: string;
  seriesId: string;
  attempts: number;
}

/** An account that was merged into another one. */
interface MergedAccount {
  mergeId: string;
  fromUserId: string;
  intoUserId: string;
}

/** Emails to users about their account. Called by event handlers. */
@Injectable()
export class AccountEmails {
  constructor(
    private readonly mailer: Mailer,
    private readonly notifications: NotificationsService,
    private readonly recipients: Recipients,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  /**
   * Mails a sign-in code, unless the mail server was away for so long that the code has expired.
   */
  async sendSignInCode(event: IssuedChallenge): Promise<void> {
    const {
      email,
      code,
      expiresAt,
      validMinutes,
      locale = 'en',
      invitation = null,
    } = this.unseal<SealedSignInCode>(event.sealed);
    if (new Date(expiresAt) <= this.clock.now()) return;
    const t = getTranslator(locale);
    await this.mailer.send({
      id: `sign-in-code:${event.challengeId}`,
      to: email,
      isUrgent: true,
      ...(invitation === null ? {} : { namedUserId: invitation.referrerId }),
      ...renderEmail(t, 'signInCode', {
        code,
        minutes: validMinutes,
        isInvited: invitation === null ? 'no' : 'yes',
        inviter: invitation?.name ?? t('emails.unknownInviter'),
        url: this.notifications.pageUrl('/verify'),
      }),
    });
  }

  /** Emails a person that they are invited to the staff, and the link that accepts. */
  async sendStaffInvitation({ invitationId, sealed }: InvitedStaff): Promise<void> {
    const { email, role, url, days, locale } = this.unseal<SealedStaffInvitation>(sealed);
    await this.mailer.send({
      id: `staff-invitation:${invitationId}`,
      to: email,
      ...renderEmail(getTranslator(locale), 'staffInvitation', { role, url, days }),
    });
  }

  /**
   * Emails an admin that emails arrive, at once. Errors: what the mail server says, as codes of
   * SMTP.
   */
  async sendTestEmail({ email, locale }: { email: string; locale: string }): Promise<void> {
    await this.mailer.send({
      id: `test-email:${randomUUID()}`,
      to: email,
      isUrgent: true,
      ...renderEmail(getTranslator(locale), 'testEmail', {
        url: this.notifications.pageUrl('/admin/installation'),
      }),
    });
  }

  /** Emails the old address of an account that it moved. */
  async sendEmailChanged(event: ChangedEmail): Promise<void> {
    const { oldEmail, newEmail, locale = 'en' } = this.unseal<SealedEmailChange>(event.sealed);
    await this.mailer.send({
      id: `email-changed:${event.userId}:${event.changeId}`,
      to: oldEmail,
      ...renderEmail(getTranslator(locale), 'emailChanged', {
        address: maskEmail(newEmail),
        url: this.notifications.pageUrl('/login'),
      }),
    });
  }

  /** Emails a user that their account was opened on a device it has not seen before. */
  async sendNewDeviceSignedIn({ userId, sessionId, at }: NewDeviceSignIn): Promise<void> {
    const userAgent = await this.recipients.findUserAgent(sessionId);
    await this.notifications.send(userId, {
      id: `new-device:${sessionId}`,
      template: 'newDevice',
      values: (_t, reader) => ({
        device: deviceName(userAgent ?? ''),
        date: formatTimeFor(new Date(at), reader),
        url: this.notifications.pageUrl('/settings#devices'),
      }),
    });
  }

  /** Emails a user that a second factor was added to their account. */
  sendSecondFactorAdded(event: ChangedSecondFactor): Promise<void> {
    return this.sendSecondFactorChanged('secondFactorAdded', event);
  }

  /** Emails a user that a second factor, or all of them, was removed from their account. */
  sendSecondFactorRemoved(event: ChangedSecondFactor): Promise<void> {
    return this.sendSecondFactorChanged('secondFactorRemoved', event);
  }

  private async sendSecondFactorChanged(
    template: 'secondFactorAdded' | 'secondFactorRemoved',
    { userId, changeId, kind }: ChangedSecondFactor,
  ): Promise<void> {
    await this.notifications.send(userId, {
      id: `second-factor:${changeId}`,
      template,
      values: () => ({ kind, url: this.notifications.pageUrl('/settings#secondFactor') }),
    });
  }

  /** Emails a user that wrong second factors were sent in their name. */
  async sendSecondFactorGuessed({ userId, seriesId, attempts }: GuessedSecondFactor): Promise<void> {
    await this.notifications.send(userId, {
      id: `second-factor-guessed:${seriesId}`,
      template: 'secondFactorGuessed',
      values: () => ({ attempts, url: this.notifications.pageUrl('/settings#devices') }),
    });
  }

  /** Emails a user that two accounts of theirs are one now, at both addresses. */
  async sendAccountsMerged({ mergeId, fromUserId, intoUserId }: MergedAccount): Promise<void> {
    const draft = {
      template: 'accountsMerged',
      values: () => ({ url: this.notifications.pageUrl('/settings#credit') }),
    } as const;
    await this.notifications.send(intoUserId, { id: `accounts-merged:${mergeId}`, ...draft });
    const to = await this.recipients.findAccountEmail(fromUserId);
    if (to !== null)
      await this.notifications.send(intoUserId, { id: `accounts-merged:${mergeId}:old`, to, ...draft });
  }

  /**
   * A job that none of the keys opens stays in the queue's list of failures, where a person sees
   * it.
   */
  private unseal<T>(sealed: string): T {
    const content = this.secrets.open('sealed_event', sealed);
    if (content === null)
      throw new Error('No SECRET_KEY can decrypt this job. Was a key removed while jobs were waiting?');
    return JSON.parse(content) as T;
  }
}
