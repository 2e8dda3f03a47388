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

  /**
   * Deletes the emails to the address of a person, and to an address they had before: those name the person in their id.
   * Emails to others name nobody but by a masked address.
   */
  async forgetPerson(tx: Tx, { id, email }: { id: string; email: string }): Promise<void> {
    await tx.query(`DELETE FROM mail.letter WHERE recipient = $2 OR $1 = ANY (string_to_array(id, ':'))`, [
      id,
      email,
    ]);
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
