import { Injectable } from '@nestjs/common';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import type { Tx, Queryable } from '../../platform/database/tx.js';
import { Secrets } from '../../platform/security/secrets.js';
import { ReferralErasure } from '../../referral/index.js';
import { canonicalMailbox } from '../../platform/email-address.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import type { AccountsMerged, UsersErased } from '../auth.events.js';
import { SessionService } from '../sessions/session.service.js';
import type { User } from './user.js';
import { UsersRepository } from './users.repository.js';

/** Takes away what is stored about a person. */
@Injectable()
export class UserErasure {
  constructor(
    private readonly referrals: ReferralErasure,
    private readonly secrets: Secrets,
    private readonly auditLog: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes the person out of the user row, which stays because records of others point to it, and ends every
   * session and code; referral forgets them, too, but not that they were rewarded. `hasPaid`: with whatever account, so
   * that they are no newcomer. Idempotent: nothing happens.
   */
  async erase(tx: Tx, userId: string, { hasPaid, by }: { hasPaid: boolean; by: Actor }): Promise<void> {
    const rows: { email: string }[] = await tx.query(
      `SELECT email FROM auth."user" WHERE id = $1 AND erased_at IS NULL FOR UPDATE`,
      [userId],
    );
    const email = rows[0]?.email;
    if (email === undefined) return;
    await tx.query(
      `UPDATE auth."user" SET email = NULL, display_name = NULL, locale = DEFAULT, time_zone = DEFAULT, role = 'user', erased_at = $2
       WHERE id = $1`,
      [userId, this.clock.now()],
    );
    await tx.query(`DELETE FROM auth.session WHERE user_id = $1`, [userId]);
    await tx.query(`DELETE FROM auth.challenge WHERE email = $1`, [email]);
    await tx.query(`DELETE FROM auth.known_device WHERE user_id = $1`, [userId]);
    this.auditLog.record(tx, {
      action: 'auth.user_erased',
      actor: by,
      subjectId: userId,
    });
    const emailHashes = [
      this.secrets.hash('email', canonicalMailbox(email)),
      ...(await this.deleteFormerMailboxes(tx, userId)),
    ];
    const codes = await this.referrals.erase(tx, userId, { emailHashes, wasRewarded: hasPaid });
    await tx.query(`UPDATE auth.challenge SET referral_code = NULL WHERE referral_code = ANY($1)`, [codes]);
  }

  private async deleteFormerMailboxes(tx: Tx, userId: string): Promise<Buffer[]> {
    const [rows]: [{ email_hash: Buffer }[], number] = await tx.query(
      `DELETE FROM auth.former_mailbox WHERE user_id = $1 RETURNING email_hash`,
      [userId],
    );
    return rows.map((row) => row.email_hash);
  }
}

/** The entry point of auth for what ends an account: merging and erasing. */
@Injectable()
export class AccountClosure {
  constructor(
    private readonly usersRepository: UsersRepository,
    private readonly sessionService: SessionService,
    private readonly outbox: Outbox,
  ) {}

  /** See {@link UsersRepository.findAccountById}. */
  findAccount(db: Queryable, userId: string): Promise<User | null> {
    return this.usersRepository.findAccountById(userId, db);
  }

  /** See {@link UsersRepository.lockAccounts}: no sign-in is possible, and nothing is written for them, before the transaction ends. */
  lockAccounts(tx: Tx, userIds: readonly string[]): Promise<User[]> {
    return this.usersRepository.lockAccounts(tx, userIds);
  }

  /** Ends every session of a locked account that was merged, and emails both its addresses. */
  async closeMergedAccount(
    tx: Tx,
    { mergeId, fromUserId, intoUserId }: Omit<AccountsMerged, 'name'>,
  ): Promise<void> {
    await this.sessionService.revokeAll(tx, fromUserId);
    const event: AccountsMerged = { name: 'auth.accounts_merged', mergeId, fromUserId, intoUserId };
    await this.outbox.publish(tx, event);
  }

  /** Announces that these accounts are erased, so that stored Stripe data is redacted. */
  async publishErased(tx: Tx, userIds: string[]): Promise<void> {
    const event: UsersErased = { name: 'auth.users_erased', userIds };
    await this.outbox.publish(tx, event);
  }
}
