import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { Secrets } from '../platform/secrets.js';
import { ReferralService } from '../referral/index.js';
import { mailboxOf, maskEmail } from './email-address.js';
import { Roles } from './roles.js';
import type { User } from './user.js';
import { Users } from './users.js';

/** Meets the owner of an address that was just proven. */
@Injectable()
export class Newcomers {
  constructor(
    private readonly users: Users,
    private readonly roles: Roles,
    private readonly referrals: ReferralService,
    private readonly secrets: Secrets,
  ) {}

  /**
   * The user of `email`, made when there is none, in one transaction with the referral of a newcomer. Somebody
   * known is never linked: an invitation is for new people. At once: one user, one referral.
   */
  async welcome(tx: Tx, email: string, refCode: string | null): Promise<{ user: User; created: boolean }> {
    const { user, created } = await this.users.findOrCreate(tx, email);
    if (created && refCode !== null)
      await this.referrals.link(tx, {
        code: refCode,
        referredId: user.id,
        label: maskEmail(email),
        emailHashes: this.secrets.hashes('email', mailboxOf(email)),
      });
    return { user: await this.roles.appoint(tx, user), created };
  }
}
