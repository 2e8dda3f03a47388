import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';

/** A letter as it was kept. */
export interface KeptLetter {
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  createdAt: Date;
}

interface LetterRow {
  id: string;
  recipient: string;
  subject: string;
  text_part: string;
  html_part: string;
  created_at: Date;
}

const select = `SELECT id, recipient, subject, text_part, html_part, created_at FROM mail.letter`;

/** Reads the letters that were kept instead of sent. */
@Injectable()
export class Mailbox {
  constructor(private readonly database: Database) {}

  /** The newest `limit` letters, newest first; only those to `to` when it is given. */
  async newest(limit: number, to?: string): Promise<KeptLetter[]> {
    const rows = await this.database.query<LetterRow>(
      `${select} WHERE $2::text IS NULL OR recipient = $2 ORDER BY created_at DESC, id DESC LIMIT $1`,
      [limit, to ?? null],
    );
    return rows.map(keptLetter);
  }

  /** Forgets the letters to an address. */
  async forget(tx: Tx, to: string): Promise<void> {
    await tx.query(`DELETE FROM mail.letter WHERE recipient = $1`, [to]);
  }

  /** Forgets the letters to a person, also to an address they had before, and those to others that name them. */
  async forgetPerson(
    tx: Tx,
    { id, email, displayName }: { id: string; email: string; displayName: string | null },
  ): Promise<void> {
    await tx.query(
      `DELETE FROM mail.letter WHERE recipient = $2 OR strpos(id, $1) > 0
         OR EXISTS (SELECT 1 FROM unnest($3::text[]) name WHERE strpos(subject || ' ' || text_part, name) > 0)`,
      [id, email, [email, ...(displayName === null ? [] : [displayName])]],
    );
  }

  /** One letter, or null. */
  async one(id: string): Promise<KeptLetter | null> {
    const rows = await this.database.query<LetterRow>(`${select} WHERE id = $1`, [id]);
    return rows[0] === undefined ? null : keptLetter(rows[0]);
  }
}

function keptLetter(row: LetterRow): KeptLetter {
  return {
    id: row.id,
    to: row.recipient,
    subject: row.subject,
    text: row.text_part,
    html: row.html_part,
    createdAt: row.created_at,
  };
}
