import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { forEachKey } from '../platform/database/for-each-key.js';
import type { Tx } from '../platform/database/tx.js';
import { mailboxOf, type EmailAddress } from '../platform/email-address.js';
import { newId } from '../platform/ids.js';
import { Secrets } from '../platform/secrets.js';
import { recordSignals, signalsOf } from '../referral/index.js';

/** Somebody who had an account elsewhere. `email` is parsed already, see {@link parseEmail}. */
export interface ImportedUser {
  email: EmailAddress;
  createdAt: Date;
}

/** What became of one imported row: whose it is, and whether that user was there before it. */
export interface ImportOutcome {
  email: string;
  userId: string;
  existed: boolean;
}

const userByEmail = forEachKey('text', `SELECT id FROM auth."user" WHERE email = asked.key FOR KEY SHARE`);

/** Takes users over from elsewhere, many in one statement. */
@Injectable()
export class UserImport {
  constructor(
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  /** Inserts those who are new, with their mailboxes, and answers one outcome a row, in the rows' order; a repeated address existed. */
  async insert(tx: Tx, rows: ImportedUser[]): Promise<ImportOutcome[]> {
    const ids = rows.map(() => newId(this.clock));
    const emails = rows.map(({ email }) => email);
    const inserted: Promise<{ id: string }[]> = tx.query(
      `INSERT INTO auth."user" (id, email, created_at)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) ON CONFLICT (email) DO NOTHING RETURNING id`,
      [ids, emails, rows.map(({ createdAt }) => createdAt)],
    );
    const people = rows.map(({ email }, index) => ({ email, userId: ids[index] ?? '' }));
    const [made, mailboxes] = await Promise.all([inserted, this.mailboxesOf(people)]);
    const isNew = new Set(made.map(({ id }) => id));
    recordSignals(
      tx,
      mailboxes.filter(({ userId }) => isNew.has(userId)),
      this.clock.now(),
    );
    const existing = emails.filter((_email, index) => !isNew.has(ids[index] ?? ''));
    const idByEmail = await this.find(tx, existing);
    return people.map(({ email, userId: newUserId }) => {
      if (isNew.has(newUserId)) return { email, userId: newUserId, existed: false };
      const userId = idByEmail.get(email);
      if (userId === undefined)
        throw new Error(`An address was given up while it was imported: run the import again`);
      return { email, userId, existed: true };
    });
  }

  /** Hashes the mailboxes while PostgreSQL inserts their users. */
  private async mailboxesOf(people: readonly { userId: string; email: EmailAddress }[]) {
    await nextTurn();
    return people.map(({ userId, email }) => ({
      userId,
      signals: signalsOf(this.secrets, 'mailbox', mailboxOf(email)),
    }));
  }

  /** A statement of its own: it also sees those who signed up in the meantime. */
  private async find(tx: Tx, emails: string[]): Promise<Map<string, string>> {
    if (emails.length === 0) return new Map();
    const found: { askedFor: string; id: string }[] = await tx.query(userByEmail, [JSON.stringify(emails)]);
    return new Map(found.map(({ askedFor, id }) => [askedFor, id]));
  }
}
