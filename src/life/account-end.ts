import { Injectable } from '@nestjs/common';
import { AccountEnds, AuthService, type Asker } from '../auth/index.js';
import { BillingService } from '../billing/index.js';
import type { Actor } from '../platform/audit.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { knownEmail } from '../platform/email-address.js';
import { DomainError } from '../platform/errors.js';
import type { Principal } from '../platform/http/principal.js';
import { Leftovers } from './leftovers.js';

/** Ends accounts at their owners' wish. Books, and the credit of others, stay as they are. */
@Injectable()
export class AccountEnd {
  constructor(
    private readonly auth: AuthService,
    private readonly ends: AccountEnds,
    private readonly billing: BillingService,
    private readonly leftovers: Leftovers,
    private readonly database: Database,
  ) {}

  /**
   * Erases `me`, proven by a fresh code of their own address.
   * Errors: those of a sign-in code; `auth.still_charged` while a subscription may still charge.
   */
  async erase(me: Principal, given: { challengeId: string; code: string }, asker: Asker): Promise<void> {
    const right = await this.auth.checkCode(given, asker, me.email);
    await this.database.transaction(async (tx) => {
      await this.refuseCharged(tx, me.userId);
      await this.auth.useCode(tx, right);
      await this.forget(tx, me.userId, { kind: 'user', id: me.userId });
    });
  }

  /**
   * Erases somebody who asked staff to, all accounts that were merged into theirs included. `email` proves that this account
   * is meant. Errors: `request.not_found`; `life.other_address`; `auth.still_charged`.
   */
  async eraseOnRequest(userId: string, { email, by }: { email: string; by: Actor }): Promise<void> {
    const user = await this.auth.userOf(userId);
    if (user === null) throw new DomainError('request.not_found', { detail: 'No such user.' });
    if (knownEmail(email) !== user.email)
      throw new DomainError('life.other_address', {
        detail: 'Give the present address of the account, so that nobody else is erased by mistake.',
      });
    await this.database.transaction(async (tx) => {
      await this.refuseCharged(tx, user.id);
      await this.forget(tx, user.id, by);
    });
  }

  private async refuseCharged(tx: Tx, userId: string): Promise<void> {
    if (await this.billing.isChargedForNow(tx, userId))
      throw new DomainError('auth.still_charged', {
        detail: 'Cancel the subscription first; then nothing charges a card that nobody can reach any more.',
      });
  }

  /** First of all the user's row: whoever writes about them holds it, and finds them erased from here on. */
  private async forget(tx: Tx, personId: string, by: Actor): Promise<void> {
    await this.ends.lock(tx, [personId]);
    if ((await this.leftovers.personOf(tx, personId)) !== personId)
      throw new DomainError('life.merge_conflict', {
        detail: 'This account was merged into another one at this moment. Look again, then erase that one.',
      });
    const hasPaid = await this.billing.hasPaid(tx, personId);
    const userIds = await this.leftovers.accountsOf(tx, personId);
    for (const userId of userIds) {
      await this.leftovers.erase(tx, userId, await this.ends.account(tx, userId));
      await this.ends.erase(tx, userId, { hasPaid, by });
    }
    await this.ends.tellErased(tx, userIds);
  }
}
