import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { isStripeId } from '../../platform/processor-ids.js';
import type { Reversal, ReversalKind } from './reversal.js';

/** The outcome of saving a reversal; `conflict`: two reports of one second differ. */
export type SaveResult = 'written' | 'already' | 'stale' | 'conflict';

/**
 * How far along each status is. Refunds and credit notes only ever move on, so their farthest
 * status is the present one; disputes can return to an earlier status, so this only orders two
 * reports of one second.
 */
const statusOrder: Record<ReversalKind, readonly (readonly string[])[]> = {
  refund: [['pending', 'requires_action'], ['succeeded'], ['failed', 'canceled']],
  credit_note: [['issued'], ['void']],
  dispute: [
    ['warning_needs_response'],
    ['warning_under_review'],
    ['warning_closed'],
    ['needs_response'],
    ['under_review'],
    ['charge_refunded', 'prevented'],
    ['lost'],
    ['appeal_needs_response'],
    ['appeal_under_review'],
    ['won'],
  ],
  early_fraud_warning: [['actionable'], ['closed']],
};

interface StoredReversal {
  status: string;
  amount: string;
  snapshot_at: Date;
}

/**
 * The refunds, disputes, credit notes and fraud warnings that Stripe has reported. Every writer
 * holds their payment's lock.
 */
@Injectable()
export class ReversalsRepository {
  constructor(private readonly clock: Clock) {}

  /**
   * Keeps what Stripe said of a reversal `at` a moment, unless something newer is known. Any order
   * ends the same. Null: Stripe was asked since the last change, so its answer counts; when it was
   * said stays for events to compare with.
   */
  async save(tx: Tx, reversal: Reversal, at: Date | null): Promise<SaveResult> {
    const [known]: StoredReversal[] = await tx.query(
      `SELECT status, amount, snapshot_at FROM billing.reversal WHERE id = $1`,
      [reversal.id],
    );
    const wins = known === undefined || supersedes(reversal, at, known);
    if (wins) await this.upsert(tx, reversal, at ?? known?.snapshot_at ?? reversal.createdAt);
    if (known !== undefined && isConflict(reversal, at, known)) return 'conflict';
    if (wins) return 'written';
    return known.status === reversal.status ? 'already' : 'stale';
  }

  /** The invoice, or payment at another processor, that a stored reversal names; or null. */
  async findInvoice(tx: Tx, id: string): Promise<string | null> {
    const rows: { invoice_id: string | null }[] = await tx.query(
      `SELECT invoice_id FROM billing.reversal WHERE id = $1`,
      [id],
    );
    return rows[0]?.invoice_id ?? null;
  }

  /** A token of one payment's reversals that changes with them. */
  async stateToken(db: Queryable, paymentId: string): Promise<string> {
    const rows = await db.query<{ fingerprint: string | null }>(
      `SELECT string_agg(id || status || amount || snapshot_at, ',' ORDER BY id) AS fingerprint
       FROM billing.reversal WHERE payment_intent_id = $1 OR charge_id = $1`,
      [paymentId],
    );
    return rows[0]?.fingerprint ?? '';
  }

  /** The sum of all known refunds of a payment, whatever their status. */
  async sumRefunds(tx: Tx, paymentIds: readonly string[]): Promise<number> {
    const rows: { refunded: string }[] = await tx.query(
      `SELECT coalesce(sum(amount), 0) AS refunded FROM billing.reversal
       WHERE (payment_intent_id = ANY($1) OR charge_id = ANY($1)) AND kind = 'refund'`,
      [paymentIds],
    );
    return Number(rows[0]?.refunded);
  }

  private async upsert(tx: Tx, reversal: Reversal, at: Date): Promise<void> {
    const { id, kind, paymentIntentId, chargeId, invoiceId, amount, status } = reversal;
    await tx.query(
      `INSERT INTO billing.reversal AS r (id, kind, payment_intent_id, charge_id, invoice_id, amount, status, snapshot_at, recorded_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (id) DO UPDATE SET amount = excluded.amount, status = excluded.status,
         snapshot_at = CASE WHEN r.id LIKE '%:%' THEN excluded.snapshot_at ELSE GREATEST(r.snapshot_at, excluded.snapshot_at) END,
         payment_intent_id = COALESCE(excluded.payment_intent_id, r.payment_intent_id),
         charge_id = COALESCE(excluded.charge_id, r.charge_id), invoice_id = COALESCE(excluded.invoice_id, r.invoice_id)`,
      [id, kind, paymentIntentId, chargeId, invoiceId, amount, status, at, this.clock.now()],
    );
  }
}

function supersedes(reversal: Reversal, at: Date | null, storedReversal: StoredReversal): boolean {
  if (isMonotonic(reversal)) {
    const steps = stepsAhead(reversal, storedReversal);
    return steps > 0 || (steps === 0 && isCorrection(reversal, at, storedReversal));
  }
  if (at === null)
    return reversal.status !== storedReversal.status || reversal.amount !== Number(storedReversal.amount);
  const later = at.getTime() - storedReversal.snapshot_at.getTime();
  return later > 0 || (later === 0 && stepsAhead(reversal, storedReversal) > 0);
}

/** At other processors a later report with the same status may name another amount. */
function isCorrection({ id }: Reversal, at: Date | null, { snapshot_at: knownAt }: StoredReversal): boolean {
  return !isStripeId(id) && at !== null && at > knownAt;
}

/** Whether its statuses come in one order only. */
function isMonotonic({ kind }: Reversal): boolean {
  return kind === 'refund' || kind === 'credit_note';
}

/** How many steps further along it is than what is known. */
function stepsAhead(reversal: Reversal, storedReversal: StoredReversal): number {
  const rankOf = (status: string) => statusOrder[reversal.kind].findIndex((step) => step.includes(status));
  return rankOf(reversal.status) - rankOf(storedReversal.status);
}

/** Two different reports of one second about a dispute: Stripe is asked. */
function isConflict(reversal: Reversal, at: Date | null, storedReversal: StoredReversal): boolean {
  return (
    reversal.kind === 'dispute' &&
    at?.getTime() === storedReversal.snapshot_at.getTime() &&
    reversal.status !== storedReversal.status
  );
}
