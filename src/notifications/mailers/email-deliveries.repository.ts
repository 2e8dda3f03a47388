import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { deleteInBatches } from '../../platform/database/batched-delete.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { addMs } from '../../platform/durations.js';
import { EmailDeliveryEntity } from './email-delivery.entity.js';

/** An email to a user, before it is sent. */
export interface NewDelivery {
  id: string;
  userId: string;
  template: string;
}

/** Which emails were sent, or are being sent. */
@Injectable()
export class EmailDeliveriesRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Claims an email for sending; false when it was sent, or was claimed less than `timeoutMs` ago.
   */
  async claim(tx: Tx, { id, userId, template }: NewDelivery, timeoutMs: number): Promise<boolean> {
    const now = this.clock.now();
    const claimed: unknown[] = await tx.query(
      `INSERT INTO notifications.email_delivery AS l (id, claimed_at, user_id, template) VALUES ($1, $2, $4, $5)
       ON CONFLICT (id) DO UPDATE SET claimed_at = $2 WHERE l.sent_at IS NULL AND l.claimed_at <= $3 RETURNING id`,
      [id, now, addMs(now, -timeoutMs), userId, template],
    );
    return claimed.length > 0;
  }

  /** Whether an email was sent. */
  async isSent(id: string): Promise<boolean> {
    const sent = await this.database.query(
      `SELECT 1 FROM notifications.email_delivery WHERE id = $1 AND sent_at IS NOT NULL`,
      [id],
    );
    return sent.length > 0;
  }

  /** Records that a claimed email was sent. */
  async markSent(tx: Tx, id: string): Promise<void> {
    await tx.update(EmailDeliveryEntity, { id }, { sentAt: this.clock.now() });
  }

  /** Gives a claim up, so that the email may be sent again. */
  async release(tx: Tx, id: string): Promise<void> {
    await tx.delete(EmailDeliveryEntity, { id });
  }

  /** The newest emails that were sent to a user, at most `limit`. */
  async exportUser(userId: string, limit: number): Promise<{ template: string; sentAt: Date }[]> {
    return this.database.query(
      `SELECT template, sent_at AS "sentAt" FROM notifications.email_delivery
       WHERE user_id = $1 AND sent_at IS NOT NULL ORDER BY claimed_at DESC LIMIT $2`,
      [userId, limit],
    );
  }

  /** Forgets whom emails were sent to; that they were sent stays. */
  async forgetUser(tx: Tx, userId: string): Promise<void> {
    await tx.update(EmailDeliveryEntity, { userId }, { userId: null });
  }

  /** Deletes the records of emails that were claimed at `time` or before. */
  async deleteUntil(time: Date): Promise<void> {
    await deleteInBatches(this.database, 'notifications.email_delivery', 'claimed_at <= $1', [time]);
  }
}
