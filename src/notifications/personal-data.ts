import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { CapturedEmails } from './mailers/captured-emails.js';

/** E-mails are captured in local mode only. */
const maxEmails = 1_000;

/** What notifications stores about a person: which e-mails they do without, and captured e-mails to them. */
@Injectable()
export class NotificationsPersonalData {
  constructor(
    private readonly capturedEmails: CapturedEmails,
    private readonly database: Database,
  ) {}

  /** What is stored about an account, by the names it has in an export. `email`: null once erased. */
  async exportUser(userId: string, email: string | null): Promise<Record<string, unknown>> {
    const optOuts = await this.database.query(
      `SELECT kind, opted_out_at FROM notifications.email_opt_out WHERE user_id = $1 ORDER BY kind`,
      [userId],
    );
    const emails = email === null ? [] : await this.capturedEmails.findNewest(maxEmails, email);
    return { emailOptOuts: optOuts, emails };
  }

  /** Deletes all of it. Idempotent. */
  async eraseUser(tx: Tx, user: { id: string; email: string }): Promise<void> {
    await this.capturedEmails.deleteByUser(tx, user);
    await tx.query(`DELETE FROM notifications.email_opt_out WHERE user_id = $1`, [user.id]);
  }
}
