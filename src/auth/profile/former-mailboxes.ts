import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { canonicalMailbox, type EmailAddress } from '../../platform/email-address.js';
import { DomainError } from '../../platform/errors.js';
import type { Principal } from '../../platform/security/principal.js';
import { Secrets } from '../../platform/security/secrets.js';
import { BillingAccountLock, MailboxChanges, hashSignals, type Signal } from '../../referral/index.js';
import { UsersRepository } from '../users/users.repository.js';

/** Records which mailboxes people have, so that one mailbox behind several addresses is found. */
@Injectable()
export class FormerMailboxes {
  constructor(
    private readonly usersRepository: UsersRepository,
    private readonly billingAccountLock: BillingAccountLock,
    private readonly referrals: MailboxChanges,
    private readonly secrets: Secrets,
    private readonly database: Database,
  ) {}

  /**
   * Records the mailbox of `email` for its account where that is missing: older releases did not
   * record it for imported people. In a transaction of its own: a sign-in holds the user's row
   * first.
   */
  async recordMissing(email: EmailAddress): Promise<void> {
    const account = await this.usersRepository.accountOf(email);
    if (account === null) return;
    const mailbox = this.signalsOf(canonicalMailbox(email));
    if (await this.referrals.isRecorded(this.database, account.id, mailbox)) return;
    await this.database.transaction(async (tx) => {
      await this.billingAccountLock.lock(tx, account.personId);
      if ((await this.usersRepository.findAndLock(tx, account.id)) === null) return;
      await this.referrals.recordMailbox(tx, account.id, mailbox);
    });
  }

  /**
   * Records the mailbox of `email` and that of `newEmail`; see
   * {@link MailboxChanges.recordMailbox}. Call this before the user's row is changed: a payment
   * locks the billing account, then referrals, and then shares the user's row.
   * Errors: `request.not_found` for an erased account.
   */
  async recordChange(
    tx: Tx,
    { userId, email }: Pick<Principal, 'userId' | 'email'>,
    newEmail: EmailAddress,
  ): Promise<void> {
    const [before, after] = [canonicalMailbox(email), canonicalMailbox(newEmail)];
    if (before === after) return;
    await this.billingAccountLock.lock(tx, userId);
    // an erasure that was waited for has found everything: nothing is written behind it
    if ((await this.usersRepository.findAndLock(tx, userId)) === null)
      throw new DomainError('request.not_found');
    await this.referrals.recordMailbox(
      tx,
      userId,
      [before, after].flatMap((mailbox) => this.signalsOf(mailbox)),
    );
    await this.usersRepository.insertFormerMailbox(tx, userId, this.secrets.hash('email', before));
  }

  private signalsOf(mailbox: string): Signal[] {
    return hashSignals(this.secrets, 'mailbox', mailbox);
  }
}
