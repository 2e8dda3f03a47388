import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import type { Tx } from '../platform/database/tx.js';
import type { EmailAddress } from '../platform/email-address.js';
import { newId } from '../platform/ids.js';

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

/** Takes users over from elsewhere, many in one statement. */
@Injectable()
export class UserImport {
  constructor(private readonly clock: Clock) {}

  /** Inserts those who are new and answers one outcome a row, in the rows' order; a repeated address existed. */
  async insert(tx: Tx, rows: ImportedUser[]): Promise<ImportOutcome[]> {
    const ids = rows.map(() => newId(this.clock));
    const emails = rows.map(({ email }) => email);
    await tx.query(
      `INSERT INTO auth."user" (id, email, created_at)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) ON CONFLICT (email) DO NOTHING`,
      [ids, emails, rows.map(({ createdAt }) => createdAt)],
    );
    // A statement of its own sees whoever signed up in the meantime, too.
    const found: { id: string; email: string }[] = await tx.query(
      `SELECT id, email FROM auth."user" WHERE email = ANY($1) FOR KEY SHARE`,
      [emails],
    );
    const idsByEmail = new Map(found.map(({ email, id }) => [email, id]));
    return rows.map(({ email }, index) => {
      const userId = idsByEmail.get(email);
      if (userId === undefined)
        throw new Error(`An address was given up while it was imported: run the import again`);
      return { email, userId, existed: userId !== ids[index] };
    });
  }
}
