import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import type { Clock } from '../../platform/clock.js';
import { withSpan } from '../../platform/observability/tracing.js';
import { type EmailMessage, Mailer } from './mailer.js';

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

/** Reads the emails that were kept instead of sent. */
@Injectable()
export class CapturedEmails {
  constructor(private readonly database: Database) {}

  /** The newest `limit` emails, newest first; only those to `to` when it is given. */
  async findNewest(limit: number, to?: string): Promise<CapturedEmail[]> {
    const rows = await this.database.query<CapturedEmailRow>(
      `${selectEmails} WHERE $2::text IS NULL OR recipient = $2 ORDER BY created_at DESC, id DESC LIMIT $1`,
      [limit, to ?? null],
    );
    return rows.map(toCapturedEmail);
  }

  /** Forgets the emails to an address. */
  async deleteByRecipient(tx: Tx, to: string): Promise<void> {
    await tx.query(`DELETE FROM notifications.captured_email WHERE recipient = $1`, [to]);
  }

  /**
   * Deletes the emails to the address of a person, and to an address they had before: those name the person in their id.
   * Emails to others name people only by a masked address.
   */
  async deleteByUser(tx: Tx, { id, email }: { id: string; email: string }): Promise<void> {
    await tx.query(
      `DELETE FROM notifications.captured_email WHERE recipient = $2 OR $1 = ANY (string_to_array(id, ':'))`,
      [id, email],
    );
  }

  /** One email, or null. */
  async findById(id: string): Promise<CapturedEmail | null> {
    const rows = await this.database.query<CapturedEmailRow>(`${selectEmails} WHERE id = $1`, [id]);
    return rows[0] === undefined ? null : toCapturedEmail(rows[0]);
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

/** Keeps emails in the database instead of sending them, so that no mail server is needed to try the product. */
export class CapturingMailer extends Mailer {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  send(message: EmailMessage): Promise<void> {
    return withSpan('mail', { letter: message.id }, () => this.capture(message));
  }

  private async capture({ id, to, subject, text, html }: EmailMessage): Promise<void> {
    await this.database.transaction((tx) =>
      tx.query(
        `INSERT INTO notifications.captured_email (id, recipient, subject, text_part, html_part, created_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING`,
        [id, to, subject, text, html, this.clock.now()],
      ),
    );
  }
}
