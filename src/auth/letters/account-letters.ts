import { Injectable } from '@nestjs/common';
import { letterOf, Mailer } from '../../mail/index.js';
import { Clock } from '../../platform/clock.js';
import { deviceName } from '../../platform/device-name.js';
import { minuteMs } from '../../platform/durations.js';
import { wordsIn } from '../../platform/locale/words.js';
import { Secrets } from '../../platform/secrets.js';
import type {
  AccountsMerged,
  ChallengeIssued,
  DeviceMet,
  EmailChanged,
  SealedAddresses,
  SealedCode,
} from '../auth.events.js';
import { maskEmail } from '../../platform/email-address.js';
import { codeLifeMs } from '../sign-in-codes.js';
import { Sessions } from '../sessions.js';
import { dateFor, Post } from './post.js';

/** The reactions that write to people about their account. */
@Injectable()
export class AccountLetters {
  constructor(
    private readonly mailer: Mailer,
    private readonly post: Post,
    private readonly sessions: Sessions,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  /** Mails a sign-in code, unless the mail server was away for so long that the code has expired. */
  async mailSignInCode(event: ChallengeIssued): Promise<void> {
    const { email, code, expiresAt, locale = 'en' } = this.open<SealedCode>(event.sealed);
    if (new Date(expiresAt) <= this.clock.now()) return;
    await this.mailer.send({
      id: `sign-in-code:${event.challengeId}`,
      to: email,
      isUrgent: true,
      ...letterOf(wordsIn(locale), 'signInCode', { code, minutes: codeLifeMs / minuteMs }),
    });
  }

  /** Tells the old address of an account that it moved. */
  async mailAddressChanged(event: EmailChanged): Promise<void> {
    const { oldEmail, newEmail, locale = 'en' } = this.open<SealedAddresses>(event.sealed);
    await this.mailer.send({
      id: `address-changed:${event.userId}:${event.changeId}`,
      to: oldEmail,
      ...letterOf(wordsIn(locale), 'addressChanged', { address: maskEmail(newEmail) }),
    });
  }

  /** Tells somebody that their account was opened on a device it has not seen before. */
  async mailNewDevice({ userId, sessionId, at }: DeviceMet): Promise<void> {
    const userAgent = await this.sessions.userAgentOf(sessionId);
    await this.post.write(userId, {
      id: `new-device:${sessionId}`,
      name: 'newDevice',
      fill: (_t, reader) => ({
        device: deviceName(userAgent ?? ''),
        date: dateFor(new Date(at), reader),
        url: this.post.settingsUrl('devices'),
      }),
    });
  }

  /** Tells somebody that two accounts of theirs are one now, at both addresses. */
  async mailMerged({ mergeId, fromUserId, intoUserId }: AccountsMerged): Promise<void> {
    const letter = {
      name: 'accountsMerged',
      fill: () => ({ url: this.post.settingsUrl('credit') }),
    } as const;
    await this.post.write(intoUserId, { id: `accounts-merged:${mergeId}`, ...letter });
    const to = await this.post.addressOf(fromUserId);
    if (to !== null)
      await this.post.write(intoUserId, { id: `accounts-merged:${mergeId}:old`, to, ...letter });
  }

  /** A job that none of the keys opens stays in the queue's list of failures, where somebody sees it. */
  private open<T>(sealed: string): T {
    const content = this.secrets.open('sealed_job', sealed);
    if (content === null)
      throw new Error('None of the SECRET_KEYs opens this job: was a key removed while jobs waited?');
    return JSON.parse(content) as T;
  }
}
