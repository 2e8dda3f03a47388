import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditLog, type Actor } from '../platform/audit-log.js';
import { Clock } from '../platform/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { dayMs } from '../platform/durations.js';
import { auditCreditEntry } from './credit-audit.js';
import { CreditLedger } from './ledger/credit-ledger.js';

/** Days that another tool still owed a person. `key` names the row, for good. */
export interface OwedCredit {
  userId: string;
  days: number;
  key: string;
}

/** Grants what was owed elsewhere. */
@Injectable()
export class ImportedCredit {
  constructor(
    private readonly ledger: CreditLedger,
    private readonly auditLog: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Grants the days whose key was never granted before, and answers the keys that were granted now.
   * `tool` is where the keys come from. No email is sent. Idempotent, and safe beside itself: the
   * primary key of `credit.imported_grant` lets each key through once.
   */
  async grantOwed(
    tx: Tx,
    owed: readonly OwedCredit[],
    { tool, reason, actor }: { tool: string; reason: string; actor: Actor },
  ): Promise<Set<string>> {
    const isNew = await this.claimKeys(tx, tool, owed);
    for (const round of roundsByUser(owed.filter(({ key }) => isNew.has(key)))) {
      const grants = [];
      for (const { userId, days } of round) {
        const noteId = await this.auditLog.addNote(tx, reason, userId);
        grants.push({ userId, kind: 'admin_grant' as const, durationMs: days * dayMs, noteId });
      }
      for (const entry of await this.ledger.grant(tx, grants))
        auditCreditEntry(this.auditLog, tx, { action: 'credit.granted', entry, actor });
    }
    return isNew;
  }

  private async claimKeys(tx: Tx, tool: string, owed: readonly OwedCredit[]): Promise<Set<string>> {
    const keyByHash = new Map(owed.map(({ key }) => [hashKey(tool, key), key]));
    const rows: { hash: string }[] = await tx.query(
      `INSERT INTO credit.imported_grant (key_hash, granted_at)
       SELECT decode(hash, 'hex'), $2 FROM unnest($1::text[]) AS hash ORDER BY hash
       ON CONFLICT DO NOTHING RETURNING encode(key_hash, 'hex') AS hash`,
      [[...keyByHash.keys()], this.clock.now()],
    );
    return new Set(rows.map(({ hash }) => keyByHash.get(hash) ?? ''));
  }
}

/** Not keyed: a key that is rotated must not let a row through again. */
function hashKey(tool: string, key: string): string {
  return createHash('sha256').update(`${tool}\0${key}`).digest('hex');
}

/** A statement grants one person once; keys are unique from here on. */
function roundsByUser(owed: readonly OwedCredit[]): OwedCredit[][] {
  const rounds: OwedCredit[][] = [];
  const grantsByUser = new Map<string, number>();
  for (const one of new Map(owed.map((row) => [row.key, row])).values()) {
    const round = grantsByUser.get(one.userId) ?? 0;
    grantsByUser.set(one.userId, round + 1);
    (rounds[round] ??= []).push(one);
  }
  return rounds;
}
