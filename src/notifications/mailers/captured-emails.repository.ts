import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { deleteInBatches } from '../../platform/database/batched-delete.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { CapturedEmailEntity } from './captured-email.entity.js';

/** An email as it was kept. */
export interface CapturedEmail {
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  createdAt: Date;
}

interface CapturedEmailRow {
  id: string;
  recipient: string;
  subject: string;
  text_part: string;
  html_part: string;
  created_at: Date;
}

const selectEmails = `SELECT id, recipient, subject, text_part, html_part, created_at FROM notifications.captured_email`;

/** The emails that were kept instead of sent. */
@Injectable()
export class CapturedEmailsRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Keeps an email. Idempotent: the first of its id stays. */
  async insert(tx: Tx, email: Omit<CapturedEmail, 'createdAt'> & { namedUserId?: string }): Promise<void> {
    const { id, to, subject, text, html, namedUserId } = email;
    const htmlPart = namedUserId === undefined ? html : `${html}<!-- ${namedUserId} -->`;
    await tx
      .createQueryBuilder()
      .insert()
      .into(CapturedEmailEntity)
      .values({ id, recipient: to, subject, textPart: text, htmlPart, createdAt: this.clock.now() })
      .orIgnore()
      .execute();
  }

  /** The newest `limit` emails, newest first; only those to `to` when it is given. */
  async findNewest(limit: number, to?: string): Promise<CapturedEmail[]> {
    const rows = await this.database.query<CapturedEmailRow>(
      `${selectEmails} WHERE $2::text IS NULL OR recipient = $2 ORDER BY created_at DESC, id DESC LIMIT $1`,
      [limit, to ?? null],
    );
    return rows.map(toCapturedEmail);
  }

  /** One email, or null. */
  async findById(id: string): Promise<CapturedEmail | null> {
    const rows = await this.database.query<CapturedEmailRow>(`${selectEmails} WHERE id = $1`, [id]);
    return rows[0] === undefined ? null : toCapturedEmail(rows[0]);
  }

  /** Deletes the emails to an address. */
  async deleteByRecipient(tx: Tx, to: string): Promise<void> {
    await tx.delete(CapturedEmailEntity, { recipient: to });
  }

  /**
   * Deletes the emails to the address of a person, those to an address they had before, which have
   * the person in their id, and those that were kept with the person as `namedUserId`.
   */
  async deleteByUser(tx: Tx, { id, email }: { id: string; email: string }): Promise<void> {
    await tx.query(
      `DELETE FROM notifications.captured_email WHERE recipient = $2 OR $1 = ANY (string_to_array(id, ':'))
         OR position('<!-- ' || $1 || ' -->' IN html_part) > 0`,
      [id, email],
    );
  }

  /** Deletes the emails that were kept at `time` or before. */
  async deleteUntil(time: Date): Promise<void> {
    await deleteInBatches(this.database, 'notifications.captured_email', 'created_at <= $1', [time]);
  }
}

function toCapturedEmail(row: CapturedEmailRow): CapturedEmail {
  return {
    id: row.id,
    to: row.recipient,
    subject: row.subject,
    text: row.text_part,
    html: row.html_part,
    createdAt: row.created_at,
  };
}
