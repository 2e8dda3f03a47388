import { Injectable } from '@nestjs/common';
import { recordAccessChange } from '../../platform/access-changes.js';
import { AuditLog } from '../../platform/audit-log.js';
import type { Tx } from '../../platform/database/tx.js';
import { CreditAccountRepository, type AccountSummary } from './credit-account.repository.js';
import { CreditLedger } from './credit-ledger.js';
import { findInconsistencies } from './ledger-consistency.js';

/** The outcome for an account: null when it was right, or why its ledger cannot be trusted. */
export type LedgerRepairResult =
  { from: AccountSummary; to: AccountSummary } | { contradiction: string } | null;

/** Writes accounts again from their ledgers. */
@Injectable()
export class LedgerRepair {
  constructor(
    private readonly ledger: CreditLedger,
    private readonly accounts: CreditAccountRepository,
    private readonly auditLog: AuditLog,
  ) {}

  /**
   * Locks an account, replays its ledger, and writes what that adds up to. A ledger that
   * contradicts itself changes nothing.
   */
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
    const from = await this.accounts.readSummary(tx, userId);
    if (JSON.stringify(from) === JSON.stringify(to)) return null;
    await this.accounts.saveSummary(tx, userId, to);
    recordAccessChange(tx, [userId]);
    this.auditLog.record(tx, {
      action: 'credit.rebuilt',
      actor: { kind: 'operator' },
      subjectId: userId,
      details: { from, to },
    });
    return { from, to };
  }
}
