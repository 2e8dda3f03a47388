import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { mailboxOf, type EmailAddress } from '../platform/email-address.js';
import { DomainError } from '../platform/errors.js';
import type { Principal } from '../platform/http/principal.js';
import { Secrets } from '../platform/secrets.js';
import { MailboxChanges, signalsOf, type Signal } from '../referral/index.js';
import { PaymentLock } from './payment-lock.js';
import { Users } from './users.js';

/** Records which mailboxes people have, so that one mailbox behind several addresses is found. */
@Injectable()
export class MailboxMoves {
  constructor(
    private readonly users: Users,
    private readonly payments: PaymentLock,
    private readonly referrals: MailboxChanges,
    private readonly secrets: Secrets,
    private readonly database: Database,
  ) {}

  /**
   * Records the mailbox of `email` for its account where that is missing: older releases did not record it for imported
   * people. Before a sign-in, in a transaction of its own, since a sign-in holds the user's row first.
   */
  async recordMissing(email: EmailAddress): Promise<void> {
    const account = await this.users.accountOf(email);
    const mailbox = this.signalsOf(mailboxOf(email));
    if (account === null || (await this.referrals.isRecorded(this.database, account.id, mailbox))) return;
    await this.database.transaction(async (tx) => {
      await this.payments.lock(tx, account.personId);
      if ((await this.users.keep(tx, account.id)) === null) return;
      await this.referrals.record(tx, account.id, mailbox);
    });
  }

  /**
   * Records the mailbox that `me` had and the one that they move to; see {@link MailboxChanges.record}. Errors: `request.not_found` for an
   * erased account. Before the user's row
   * is changed: a payment that is being written holds the billing account, then referrals, and shares the user's row.
   */
  async record(
    tx: Tx,
    { userId, email }: Pick<Principal, 'userId' | 'email'>,
    next: EmailAddress,
  ): Promise<void> {
    const [before, after] = [mailboxOf(email), mailboxOf(next)];
    if (before === after) return;
    await this.payments.lock(tx, userId);
    // an erasure that was waited for has found everything: nothing is written behind it
    if ((await this.users.keep(tx, userId)) === null) throw new DomainError('request.not_found');
    await this.referrals.record(
      tx,
      userId,
      [before, after].flatMap((mailbox) => this.signalsOf(mailbox)),
    );
    await tx.query(
      `INSERT INTO auth.former_mailbox (user_id, email_hash) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
      [userId, this.secrets.hash('email', before)],
    );
  }
  private signalsOf(mailbox: string): Signal[] {
    return signalsOf(this.secrets, 'mailbox', mailbox);
  }
}
