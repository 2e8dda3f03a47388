import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { mailboxOf, type EmailAddress } from '../platform/email-address.js';
import { DomainError } from '../platform/errors.js';
import type { Principal } from '../platform/http/principal.js';
import { Secrets } from '../platform/secrets.js';
import { MailboxChanges, signalsOf } from '../referral/index.js';
import { PaymentLock } from './payment-lock.js';
import { Users } from './users.js';

/** Writes down what a change of address says about a person, in the transaction that changes it. */
@Injectable()
export class MailboxMoves {
  constructor(
    private readonly users: Users,
    private readonly payments: PaymentLock,
    private readonly referrals: MailboxChanges,
    private readonly secrets: Secrets,
  ) {}

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
    await this.referrals.record(tx, userId, signalsOf(this.secrets, 'mailbox', after));
    await tx.query(
      `INSERT INTO auth.former_mailbox (user_id, email_hash) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
      [userId, this.secrets.hash('email', before)],
    );
  }
}
