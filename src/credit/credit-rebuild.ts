import { Injectable } from '@nestjs/common';
import { Audit } from '../platform/audit.js';
import type { Tx } from '../platform/database/tx.js';
import { contradictions } from './contradictions.js';
import { CreditLedger } from './credit-ledger.js';

/** What an account says of its ledger: how many lines, the last one's time, and how far they reach. */
export interface AccountHead {
  lines: number;
  lastAt: Date | null;
  until: Date | null;
}

/** What became of an account: null when it was right, or why its ledger is no ground to stand on. */
export type CreditRebuilt = { from: AccountHead; to: AccountHead } | { contradiction: string } | null;

/** Writes accounts anew from their ledgers. */
@Injectable()
export class CreditRebuild {
  constructor(
    private readonly ledger: CreditLedger,
    private readonly audit: Audit,
  ) {}

  /** Locks an account, replays its ledger, and writes what that adds up to. A ledger that contradicts itself changes nothing. */
  async rebuild(tx: Tx, userId: string): Promise<CreditRebuilt> {
    const { history } = await this.ledger.open(tx, userId);
    const check = contradictions(history);
    const first = check.next();
    if (first.done !== true) return { contradiction: first.value };
    const { until } = first.value;
    const to = {
      lines: history.length,
      lastAt: history.at(-1)?.at ?? null,
      until: until === null ? null : new Date(until),
    };
    const from = await this.headOf(tx, userId);
    if (JSON.stringify(from) === JSON.stringify(to)) return null;
    await tx.query(`UPDATE credit.account SET last_seq = $2, last_at = $3, until = $4 WHERE user_id = $1`, [
      ...[userId, to.lines, to.lastAt, to.until],
    ]);
    this.audit.record(tx, {
      action: 'credit.rebuilt',
      actor: { kind: 'operator' },
      subjectId: userId,
      facts: { from, to },
    });
    return { from, to };
  }

  private async headOf(tx: Tx, userId: string): Promise<AccountHead> {
    const rows: { last_seq: string; last_at: Date | null; until: Date | null }[] = await tx.query(
      `SELECT last_seq, last_at, until FROM credit.account WHERE user_id = $1`,
      [userId],
    );
    const row = rows[0];
    return { lines: Number(row?.last_seq ?? 0), lastAt: row?.last_at ?? null, until: row?.until ?? null };
  }
}
