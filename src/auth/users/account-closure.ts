import { Injectable } from '@nestjs/common';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import type { Tx, Queryable } from '../../platform/database/tx.js';
import { canonicalMailbox } from '../../platform/email-address.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { Secrets } from '../../platform/security/secrets.js';
import { ReferralErasure } from '../../referral/index.js';
import type { AccountsMerged, UsersErased } from '../auth.events.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { AuthDataRepository } from './auth-data.repository.js';
import { type User, UsersRepository } from './users.repository.js';

/** Takes away what is stored about a person. */
@Injectable()
export class UserErasure {
  constructor(
    private readonly data: AuthDataRepository,
    private readonly referrals: ReferralErasure,
    private readonly secrets: Secrets,
    private readonly auditLog: AuditLog,
  ) {}

  /**
   * Removes personal data from the user row, which stays because records of others point to it, and
   * ends every session and code. Referrals are erased, too, but not that the person was rewarded.
   * `hasPaid`: with any of their accounts, so that they cannot be a new user again. Idempotent:
   * nothing happens.
   */
  async erase(tx: Tx, userId: string, { hasPaid, by }: { hasPaid: boolean; by: Actor }): Promise<void> {
    const email = await this.data.lockEmail(tx, userId);
    if (email === null) return;
    await this.data.erase(tx, userId, email);
    this.auditLog.record(tx, {
      action: 'auth.user_erased',
      actor: by,
      subjectId: userId,
    });
    const emailHashes = [
      this.secrets.hash('email', canonicalMailbox(email)),
      ...(await this.data.deleteFormerMailboxes(tx, userId)),
    ];
    const codes = await this.referrals.erase(tx, userId, { emailHashes, wasRewarded: hasPaid });
    await this.data.clearReferralCodes(tx, codes);
  }
}

/** The entry point of auth for what ends an account: merging and erasing. */
@Injectable()
export class AccountClosure {
  constructor(
    private readonly usersRepository: UsersRepository,
    private readonly sessions: SessionsRepository,
    private readonly outbox: Outbox,
  ) {}

  /** See {@link UsersRepository.findAccountById}. */
  findAccount(db: Queryable, userId: string): Promise<User | null> {
    return this.usersRepository.findAccountById(userId, db);
  }

  /**
   * See {@link UsersRepository.lockAccounts}: no sign-in is possible, and nothing is written for
   * them, before the transaction ends.
   */
  lockAccounts(tx: Tx, userIds: readonly string[]): Promise<User[]> {
    return this.usersRepository.lockAccounts(tx, userIds);
  }

  /** Ends every session of a locked account that was merged, and emails both its addresses. */
  async closeMergedAccount(
    tx: Tx,
    { mergeId, fromUserId, intoUserId }: Omit<AccountsMerged, 'name'>,
  ): Promise<void> {
    await this.sessions.revokeAll(tx, fromUserId);
    const event: AccountsMerged = { name: 'auth.accounts_merged', mergeId, fromUserId, intoUserId };
    this.outbox.publish(tx, event);
  }

  /** Announces that these accounts are erased, so that stored Stripe data is redacted. */
  publishErased(tx: Tx, userIds: string[]): void {
    const event: UsersErased = { name: 'auth.users_erased', userIds };
    this.outbox.publish(tx, event);
  }
}
