import { Injectable } from '@nestjs/common';
import { AuthService } from '../auth/index.js';
import { BillingService } from '../billing/index.js';
import { Audit } from '../platform/audit.js';
import { Database } from '../platform/database/database.js';
import { DomainError } from '../platform/errors.js';
import type { Principal } from '../platform/http/principal.js';
import { Backups } from './backups.js';

/** Ends an account at its owner's wish. */
@Injectable()
export class AccountEnd {
  constructor(
    private readonly auth: AuthService,
    private readonly billing: BillingService,
    private readonly backups: Backups,
    private readonly audit: Audit,
    private readonly database: Database,
  ) {}

  /**
   * Erases `me`, proven by a fresh code of their own address. Books and the credit of others stay as they are.
   * Errors: those of a sign-in code; `auth.still_charged` while a subscription may still charge.
   */
  async erase(me: Principal, given: { challengeId: string; code: string }): Promise<void> {
    const right = await this.auth.checkCode(given);
    if (right.email !== me.email)
      throw new DomainError('auth.code_expired', { detail: 'That code was sent to another address.' });
    await this.database.transaction(async (tx) => {
      if (await this.billing.isChargedForNow(tx, me.userId))
        throw new DomainError('auth.still_charged', {
          detail:
            'Cancel the subscription first; then nothing charges a card that nobody can reach any more.',
        });
      await this.auth.useCode(tx, right);
      // first of all the user's row: whoever writes about them holds it, and finds them erased from here on
      await this.auth.erase(tx, me.userId);
      await this.backups.erase(tx, me.userId);
      await this.audit.forgetWords(tx, me.userId);
    });
  }
}
