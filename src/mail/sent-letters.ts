import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { after, minuteMs } from '../platform/durations.js';
import type { Letter } from './letter.js';
import { Mailer } from './mailer.js';

/** Longer than a mail server is waited for: who claimed a letter before that is gone. */
const claimMs = 5 * minuteMs;

/** Remembers which letters went out, for facts that are told more than once: an invoice that is tried every few days. */
@Injectable()
export class SentLetters {
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
  async sendOnce(letter: Letter): Promise<void> {
    const claim = await this.claim(letter.id);
    if (claim === 'sent') return;
    if (claim === 'held') throw new Error(`The letter ${letter.id} is being sent by somebody else`);
    try {
      await this.mailer.send(letter);
    } catch (error) {
      await this.write(`DELETE FROM mail.sent_letter WHERE id = $1`, [letter.id]);
      throw error;
    }
    await this.write(`UPDATE mail.sent_letter SET sent_at = $2 WHERE id = $1`, [letter.id, this.clock.now()]);
  }

  private async claim(id: string): Promise<'ours' | 'held' | 'sent'> {
    const now = this.clock.now();
    const claimed = await this.write(
      `INSERT INTO mail.sent_letter AS l (id, claimed_at) VALUES ($1, $2)
       ON CONFLICT (id) DO UPDATE SET claimed_at = $2 WHERE l.sent_at IS NULL AND l.claimed_at <= $3 RETURNING id`,
      [id, now, after(now, -claimMs)],
    );
    if (claimed.length > 0) return 'ours';
    const sent = await this.database.query(
      `SELECT 1 FROM mail.sent_letter WHERE id = $1 AND sent_at IS NOT NULL`,
      [id],
    );
    return sent.length > 0 ? 'sent' : 'held';
  }

  private write(sql: string, parameters: unknown[]): Promise<unknown[]> {
    return this.database.transaction((tx) => tx.query(sql, parameters));
  }
}
