import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { lateralLookup } from '../../platform/database/row-loader.js';
import type { Tx } from '../../platform/database/tx.js';
import { canonicalMailbox, type EmailAddress } from '../../platform/email-address.js';
import { newId } from '../../platform/ids.js';
import { Secrets } from '../../platform/security/secrets.js';
import { recordSignals, hashSignals } from '../../referral/index.js';

/** A person who had an account elsewhere. `email` is parsed already, see {@link parseEmail}. */
export interface ImportedUser {
  email: EmailAddress;
  createdAt: Date;
}

/** What became of one imported row: whose it is, and whether that user was there before it. */
export interface ImportResult {
  email: string;
  userId: string;
  existedBefore: boolean;
}

const userIdByEmail = lateralLookup(
  'text',
  `SELECT id FROM auth."user" WHERE email = asked.key FOR KEY SHARE`,
);

/** Takes users over from elsewhere, many in one statement. */
@Injectable()
export class UserImport {
  constructor(
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  /** Inserts those who are new, with their mailboxes, and answers one outcome a row, in the rows' order; a repeated address existed. */
  async importUsers(tx: Tx, rows: ImportedUser[]): Promise<ImportResult[]> {
    const ids = rows.map(() => newId(this.clock));
    const emails = rows.map(({ email }) => email);
    const insertion: Promise<{ id: string }[]> = tx.query(
      `INSERT INTO auth."user" (id, email, created_at)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) ON CONFLICT (email) DO NOTHING RETURNING id`,
      [ids, emails, rows.map(({ createdAt }) => createdAt)],
    );
    const people = rows.map(({ email }, index) => ({ email, userId: ids[index] ?? '' }));
    const [inserted, mailboxes] = await Promise.all([insertion, this.mailboxesOf(people)]);
    const isNew = new Set(inserted.map(({ id }) => id));
    recordSignals(
      tx,
      mailboxes.filter(({ userId }) => isNew.has(userId)),
      this.clock.now(),
    );
    const existing = emails.filter((_email, index) => !isNew.has(ids[index] ?? ''));
    const idByEmail = await this.findExisting(tx, existing);
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

  /** A statement of its own: it also sees those who signed up in the meantime. */
  private async findExisting(tx: Tx, emails: string[]): Promise<Map<string, string>> {
    if (emails.length === 0) return new Map();
    const found: { askedFor: string; id: string }[] = await tx.query(userIdByEmail, [JSON.stringify(emails)]);
    return new Map(found.map(({ askedFor, id }) => [askedFor, id]));
  }
}

/**
 * Notes in the temporary table `import_problem` every row of `import_row` (line, email) whose address has an
 * account already.
 */
export async function flagExistingEmails(tx: Tx): Promise<void> {
  await tx.query(
    `INSERT INTO import_problem (line, field, message)
     SELECT r.line, 'email', 'already has an account'
     FROM import_row r JOIN auth."user" u ON u.email = r.email`,
  );
}
