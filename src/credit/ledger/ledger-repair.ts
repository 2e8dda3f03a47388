import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../platform/audit-log.js';
import type { Tx } from '../../platform/database/tx.js';
import { findInconsistencies } from './ledger-consistency.js';
import { CreditLedger } from './credit-ledger.js';

/** What an account says of its ledger: how many lines, the last one's time, and how far they reach. */
export interface AccountSummary {
  entryCount: number;
  lastEntryAt: Date | null;
  until: Date | null;
}

/** What became of an account: null when it was right, or why its ledger is no ground to stand on. */
export type LedgerRepairResult =
  { from: AccountSummary; to: AccountSummary } | { contradiction: string } | null;

/** Writes accounts again from their ledgers. */
@Injectable()
export class LedgerRepair {
  constructor(
    private readonly ledger: CreditLedger,
    private readonly auditLog: AuditLog,
  ) {}

  /** Locks an account, replays its ledger, and writes what that adds up to. A ledger that contradicts itself changes nothing. */
  async repairAccount(tx: Tx, userId: string): Promise<LedgerRepairResult> {
    const { history } = await this.ledger.lockAndReplay(tx, userId);
    const check = findInconsistencies(history);
    const first = check.next();
    if (first.done !== true) return { contradiction: first.value };
    const { until } = first.value;
    const to = {
      entryCount: history.length,
      lastEntryAt: history.at(-1)?.at ?? null,
      until: until === null ? null : new Date(until),
    };
    const from = await this.readAccountSummary(tx, userId);
    if (JSON.stringify(from) === JSON.stringify(to)) return null;
    await tx.query(`UPDATE credit.account SET last_seq = $2, last_at = $3, until = $4 WHERE user_id = $1`, [
      ...[userId, to.entryCount, to.lastEntryAt, to.until],
    ]);
    this.auditLog.record(tx, {
      action: 'credit.rebuilt',
      actor: { kind: 'operator' },
      subjectId: userId,
      details: { from, to },
    });
    return { from, to };
  }

  private async readAccountSummary(tx: Tx, userId: string): Promise<AccountSummary> {
    const rows: { last_seq: string; last_at: Date | null; until: Date | null }[] = await tx.query(
      `SELECT last_seq, last_at, until FROM credit.account WHERE user_id = $1`,
      [userId],
    );
    const row = rows[0];
    return {
      entryCount: Number(row?.last_seq ?? 0),
      lastEntryAt: row?.last_at ?? null,
      until: row?.until ?? null,
    };
  }
}
