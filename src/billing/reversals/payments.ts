import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { EventAlerts } from '../event-alerts.js';

/** Which payment paid which invoice. Every writer holds the lock of the payment, then that of the invoice. */
@Injectable()
export class Payments {
  constructor(
    private readonly clock: Clock,
    private readonly alerts: EventAlerts,
  ) {}

  /**
   * Notes that `paymentId` paid `invoiceId`; null: that it paid no invoice. True when this was not known.
   * Again: an invoice that is noted stays, and another one alerts.
   */
  async note(tx: Tx, paymentId: string, invoiceId: string | null): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `WITH noted AS (
         INSERT INTO billing.payment AS p (id, invoice_id, noted_at) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET invoice_id = excluded.invoice_id
           WHERE p.invoice_id IS NULL AND excluded.invoice_id IS NOT NULL
         RETURNING id
       ) SELECT id FROM noted`,
      [paymentId, invoiceId, this.clock.now()],
    );
    if (rows.length > 0) return true;
    const known = await this.invoiceOf(tx, [paymentId]);
    if (invoiceId !== null && known !== invoiceId)
      this.alerts.raise(tx, 'billing.payment_disagrees', { paymentId, invoiceId, known });
    return false;
  }

  /** The invoice that one of these payments paid; null: they paid none; undefined: nobody has said. */
  async invoiceOf(tx: Tx, paymentIds: readonly (string | null)[]): Promise<string | null | undefined> {
    const rows: { invoice_id: string | null }[] = await tx.query(
      `SELECT invoice_id FROM billing.payment WHERE id = ANY($1) ORDER BY invoice_id NULLS LAST`,
      [paymentIds.filter((id) => id !== null)],
    );
    return rows[0]?.invoice_id;
  }
}
