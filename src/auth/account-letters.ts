import { Inject, Injectable } from '@nestjs/common';
import {
  addressChangedLetter,
  Mailer,
  referredCreditedLetter,
  referrerCreditedLetter,
  signInCodeLetter,
} from '../mail/index.js';
import { Clock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import { minuteMs } from '../platform/durations.js';
import { Secrets } from '../platform/secrets.js';
import { CONFIG } from '../platform/tokens.js';
import type { ReferralCredited } from '../referral/index.js';
import type { ChallengeIssued, EmailChanged, SealedAddresses, SealedCode } from './auth.events.js';
import { maskEmail } from './email-address.js';
import { codeLifeMs } from './sign-in-codes.js';
import { Users } from './users.js';

/** The reactions that write to people. Each sends one letter whose id names the fact, so running twice is safe. */
@Injectable()
export class AccountLetters {
  constructor(
    private readonly mailer: Mailer,
    private readonly users: Users,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Mails a sign-in code, unless the mail server was away for so long that the code has expired. */
  async mailSignInCode(event: ChallengeIssued): Promise<void> {
    const { email, code, expiresAt } = this.open<SealedCode>(event.sealed);
    if (new Date(expiresAt) <= this.clock.now()) return;
    await this.mailer.send({
      id: `sign-in-code:${event.challengeId}`,
      to: email,
      ...signInCodeLetter(code, codeLifeMs / minuteMs),
    });
  }

  /** Tells the old address of an account that it moved. */
  async mailAddressChanged(event: EmailChanged): Promise<void> {
    const { oldEmail, newEmail } = this.open<SealedAddresses>(event.sealed);
    await this.mailer.send({
      id: `address-changed:${event.changeId}`,
      to: oldEmail,
      ...addressChangedLetter(maskEmail(newEmail)),
    });
  }

  /** Tells the referrer what an invitation brought. Nothing to do for one who was not credited or is gone. */
  async mailReferrerCredited(event: ReferralCredited): Promise<void> {
    const credited = await this.creditedUser(event, 'referrer');
    if (credited === null) return;
    const friend = await this.users.byId(event.referredId);
    await this.mailer.send({
      id: `referral-converted:${event.conversionId}:referrer`,
      to: credited.email,
      ...referrerCreditedLetter(credited.days, friend && maskEmail(friend.email), this.settingsUrl()),
    });
  }

  /** Tells the newcomer what coming by an invitation brought. */
  async mailReferredCredited(event: ReferralCredited): Promise<void> {
    const credited = await this.creditedUser(event, 'referred');
    if (credited === null) return;
    await this.mailer.send({
      id: `referral-converted:${event.conversionId}:referred`,
      to: credited.email,
      ...referredCreditedLetter(credited.days, this.settingsUrl()),
    });
  }

  private async creditedUser(
    event: ReferralCredited,
    side: 'referrer' | 'referred',
  ): Promise<{ email: string; days: number } | null> {
    const reward = event.credited.find((credited) => credited.side === side);
    const user = reward && (await this.users.byId(reward.userId));
    return reward && user ? { email: user.email, days: reward.days } : null;
  }

  private settingsUrl(): string {
    return `${this.config.baseUrl}/settings`;
  }

  /** A job that none of the keys opens stays in the queue's list of failures, where somebody sees it. */
  private open<T>(sealed: string): T {
    const content = this.secrets.open('sealed_job', sealed);
    if (content === null)
      throw new Error('None of the SECRET_KEYs opens this job: was a key removed while jobs waited?');
    return JSON.parse(content) as T;
  }
}
