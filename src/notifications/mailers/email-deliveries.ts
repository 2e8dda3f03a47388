import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { addMs, minuteMs, dayMs } from '../../platform/durations.js';
import { type EmailMessage, Mailer } from './mailer.js';
import { deleteInBatches } from '../../platform/database/batched-delete.js';

/** Longer than a mail server is waited for: who claimed a letter before that is gone. */
const claimTimeoutMs = 5 * minuteMs;

/** Remembers which letters went out, for facts that are told more than once: an invoice that is tried every few days. */
@Injectable()
export class EmailDeliveries {
  constructor(
    private readonly mailer: Mailer,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Sends a letter unless one of its id went out before. Only where the process ends between sending and noting it does
   * the same letter go out again, under the same Message-ID.
   * Errors: as {@link Mailer.send}; also while somebody else is sending it, so that the caller comes again and sees.
   */
  async sendOnce(message: EmailMessage): Promise<void> {
    const claim = await this.claim(message.id);
    if (claim === 'sent') return;
    if (claim === 'held') throw new Error(`The letter ${message.id} is being sent by somebody else`);
    try {
      await this.mailer.send(message);
    } catch (error) {
      await this.execute(`DELETE FROM notifications.email_delivery WHERE id = $1`, [message.id]);
      throw error;
    }
    await this.execute(`UPDATE notifications.email_delivery SET sent_at = $2 WHERE id = $1`, [
      message.id,
      this.clock.now(),
    ]);
  }

  private async claim(id: string): Promise<'ours' | 'held' | 'sent'> {
    const now = this.clock.now();
    const claimed = await this.execute(
      `INSERT INTO notifications.email_delivery AS l (id, claimed_at) VALUES ($1, $2)
       ON CONFLICT (id) DO UPDATE SET claimed_at = $2 WHERE l.sent_at IS NULL AND l.claimed_at <= $3 RETURNING id`,
      [id, now, addMs(now, -claimTimeoutMs)],
    );
    if (claimed.length > 0) return 'ours';
    const sent = await this.database.query(
      `SELECT 1 FROM notifications.email_delivery WHERE id = $1 AND sent_at IS NOT NULL`,
      [id],
    );
    return sent.length > 0 ? 'sent' : 'held';
  }

  private execute(sql: string, parameters: unknown[]): Promise<unknown[]> {
    return this.database.transaction((tx) => tx.query(sql, parameters));
  }
}

const capturedEmailDays = 30;
/** No fact is told again after so long: Stripe tries a payment for weeks, and days of credit end within the year or so. */
const deliveryDays = 400;

/** Forgets letters. */
@Injectable()
export class EmailRetention {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Deletes letters that were kept instead of sent after 30 days, and the note that one was sent after 400. */
  async purge(): Promise<void> {
    const now = this.clock.now();
    await deleteInBatches(this.database, 'notifications.captured_email', 'created_at <= $1', [
      addMs(now, -capturedEmailDays * dayMs),
    ]);
    await deleteInBatches(this.database, 'notifications.email_delivery', 'claimed_at <= $1', [
      addMs(now, -deliveryDays * dayMs),
    ]);
  }
}
