import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { canonicalMailbox, type EmailAddress } from '../../platform/email-address.js';
import { newId } from '../../platform/ids.js';
import { Secrets } from '../../platform/security/secrets.js';
import { recordSignals, hashSignals } from '../../referral/index.js';
import { UsersRepository } from './users.repository.js';

/** A person who had an account elsewhere. `email` is parsed already, see {@link parseEmail}. */
export interface ImportedUser {
  email: EmailAddress;
  createdAt: Date;
}

/** The outcome of one imported row: its user, and whether they existed before. */
export interface ImportResult {
  email: string;
  userId: string;
  existedBefore: boolean;
}

/** Takes users over from elsewhere, many in one statement. */
@Injectable()
export class UserImport {
  constructor(
    private readonly usersRepository: UsersRepository,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  /**
   * Inserts those who are new, with their mailboxes, and answers one outcome a row, in the rows'
   * order; a repeated address existed.
   */
  async importUsers(tx: Tx, rows: ImportedUser[]): Promise<ImportResult[]> {
    const ids = rows.map(() => newId(this.clock));
    const emails = rows.map(({ email }) => email);
    const insertion = this.usersRepository.insertMany(tx, {
      ids,
      emails,
      createdAt: rows.map(({ createdAt }) => createdAt),
    });
    const people = rows.map(({ email }, index) => ({ email, userId: ids[index] ?? '' }));
    const [inserted, mailboxes] = await Promise.all([insertion, this.mailboxesOf(people)]);
    const isNew = new Set(inserted.map(({ id }) => id));
    recordSignals(
      tx,
      mailboxes.filter(({ userId }) => isNew.has(userId)),
      this.clock.now(),
    );
    const existing = emails.filter((_email, index) => !isNew.has(ids[index] ?? ''));
    // a statement of its own: it also sees those who signed up in the meantime
    const idByEmail = await this.usersRepository.findAndLockIds(tx, existing);
    return people.map(({ email, userId: newUserId }) => {
      if (isNew.has(newUserId)) return { email, userId: newUserId, existedBefore: false };
      const userId = idByEmail.get(email);
      if (userId === undefined)
        throw new Error(`An address was released during the import. Run the import again.`);
      return { email, userId, existedBefore: true };
    });
  }

  /** Hashes the mailboxes while PostgreSQL inserts their users. */
  private async mailboxesOf(people: readonly { userId: string; email: EmailAddress }[]) {
    await nextTurn();
    return people.map(({ userId, email }) => ({
      userId,
      signals: hashSignals(this.secrets, 'mailbox', canonicalMailbox(email)),
    }));
  }
}
