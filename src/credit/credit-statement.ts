import { Injectable } from '@nestjs/common';
import { Audit } from '../platform/audit.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { dayMs, daysUntil } from '../platform/durations.js';
import { CreditLedger } from './credit-ledger.js';
import { isGrant, type LedgerLine } from './ledger-line.js';
import { DeliveryMode } from './delivery-mode.js';
import { aheadOf } from './pieces.js';
import { replay, windowOf, type Balance } from './replay.js';

/** One line as its owner sees it. `days` is signed and may have decimals. */
export interface EntryView {
  id: string;
  seq: number;
  kind: string;
  days: number;
  effectiveAt: string;
  windowFrom: string | null;
  windowUntil: string | null;
  reason: string | null;
  referralId: string | null;
  reversesEntryId: string | null;
}

/**
 * A user's credit, in whole days. `daysLeft` counts to `until`, rounded up. `usefulDays` counts the access gained over
 * having no credit, to the nearest day: what reaches beyond the paid period where days run by the calendar, and all
 * that is left where they wait for its end. Entries are newest first.
 */
export interface Statement {
  until: string | null;
  daysLeft: number;
  usefulDays: number;
  entries: EntryView[];
}

/** Shows an account with its history and the windows that its grants cover now. */
@Injectable()
export class CreditStatements {
  constructor(
    private readonly ledger: CreditLedger,
    private readonly mode: DeliveryMode,
    private readonly audit: Audit,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The statement of `userId`; an empty one when nothing was ever granted. */
  async of(userId: string): Promise<Statement> {
    const [lines, paidThrough] = await Promise.all([
      this.ledger.history(this.database.lookUps, userId),
      this.mode.paidThrough(userId),
    ]);
    const reasons = await this.audit.words(
      this.database.lookUps,
      lines.flatMap((line) => line.noteId ?? []),
    );
    const balance = replay(lines);
    const until = balance.until === null ? null : new Date(balance.until);
    const now = this.clock.now();
    const usefulFrom = Math.max(now.getTime(), paidThrough?.getTime() ?? 0);
    const leftMs = aheadOf(balance.pieces, now.getTime());
    const gainedMs = this.mode.overlays ? Math.max(0, (balance.until ?? 0) - usefulFrom) : leftMs;
    return {
      until: until?.toISOString() ?? null,
      daysLeft: daysUntil(until, now),
      usefulDays: Math.round(Math.min(leftMs, gainedMs) / dayMs),
      entries: lines.map((line) => entryView(line, balance, reasons)).reverse(),
    };
  }
}

/** A line that was just written, with the words it was given. Its window is that of a grant at the end of the account. */
export function viewOf(line: LedgerLine, reason: string): EntryView {
  const from = line.untilAfter === null ? null : new Date(line.untilAfter.getTime() - line.lengthMs);
  const covers = isGrant(line.kind);
  return {
    ...entryView(line, replay([]), new Map()),
    windowFrom: covers ? (from?.toISOString() ?? null) : null,
    windowUntil: covers ? (line.untilAfter?.toISOString() ?? null) : null,
    reason,
  };
}

/** A line with its window in `balance`; `reasons` are by note id. */
export function entryView(
  line: LedgerLine,
  balance: Balance,
  reasons: ReadonlyMap<string, string>,
): EntryView {
  const window = windowOf(balance, line.id);
  return {
    id: line.id,
    seq: line.seq,
    kind: line.kind,
    days: line.lengthMs / dayMs,
    effectiveAt: line.at.toISOString(),
    windowFrom: window?.from.toISOString() ?? null,
    windowUntil: window?.until.toISOString() ?? null,
    reason: line.noteId === null ? null : (reasons.get(line.noteId) ?? null),
    referralId: line.referralId,
    reversesEntryId: line.reversesEntryId,
  };
}
