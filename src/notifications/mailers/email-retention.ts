import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { deleteInBatches } from '../../platform/database/batched-delete.js';
import { Database } from '../../platform/database/database.js';
import { addMs, dayMs } from '../../platform/durations.js';

const capturedEmailDays = 30;
/** No event is repeated after so long: Stripe tries a payment for weeks, and days of credit end within the year or so. */
const deliveryDays = 400;

/** Deletes old emails and delivery records. */
@Injectable()
export class EmailRetention {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Deletes captured emails after 30 days, and the record that an email was sent after 400. */
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
