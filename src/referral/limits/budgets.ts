import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';

/**
 * What the terms may cost in all, in milliseconds of credit. The row of a budget is the last lock of a transaction, and a
 * CHECK keeps it from being exceeded. Terms without a budget have no row, and cost nothing here.
 */
@Injectable()
export class Budgets {
  /** Locks the budgets of several versions in one order. One alone needs no order: it is locked where it changes. */
  async lock(tx: Tx, versions: readonly number[]): Promise<void> {
    if (new Set(versions).size < 2) return;
    await tx.query(
      `SELECT 1 FROM referral.budget WHERE terms_version = ANY($1) ORDER BY terms_version FOR NO KEY UPDATE`,
      [versions],
    );
  }

  /** Takes from the budget of a version; false, with nothing taken, where that much is not left. */
  async reserve(tx: Tx, version: number, durationMs: number): Promise<boolean> {
    const [, taken]: [unknown[], number] = await tx.query(
      `UPDATE referral.budget SET reserved_ms = reserved_ms + $2 WHERE terms_version = $1 AND reserved_ms + $2 <= limit_ms`,
      [version, durationMs],
    );
    if (taken > 0) return true;
    const rows: unknown[] = await tx.query(`SELECT 1 FROM referral.budget WHERE terms_version = $1`, [
      version,
    ]);
    return rows.length === 0;
  }

  /** Puts back what was reserved and not used up. */
  async release(tx: Tx, version: number, durationMs: number): Promise<void> {
    if (durationMs === 0) return;
    await tx.query(`UPDATE referral.budget SET reserved_ms = reserved_ms - $2 WHERE terms_version = $1`, [
      version,
      durationMs,
    ]);
  }
}
