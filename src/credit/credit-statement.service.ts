import { Injectable } from '@nestjs/common';
import { AuditLog } from '../platform/audit-log.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { dayMs, daysUntil } from '../platform/durations.js';
import type { CreditEntryDto, CreditStatementDto } from './credit.dto.js';
import { CreditEntryRepository } from './ledger/credit-entry.repository.js';
import { isGrant, type CreditEntry } from './ledger/credit-entry.js';
import { CreditDeliveryPolicy, PaidPeriodProvider } from './delivery/credit-delivery-policy.js';
import { usefulDaysOf } from './delivery/useful-days.js';
import { remainingMs } from './ledger/intervals.js';
import { replay, windowsOf } from './ledger/replay.js';

/** Shows an account with its history and the windows that its grants cover now. */
@Injectable()
export class CreditStatementService {
  // eslint-disable-next-line max-params -- one statement, and what it takes to show it
  constructor(
    private readonly entries: CreditEntryRepository,
    private readonly policy: CreditDeliveryPolicy,
    private readonly paidPeriods: PaidPeriodProvider,
    private readonly auditLog: AuditLog,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The statement of `userId`; an empty one when nothing was ever granted. */
  async getForUser(userId: string): Promise<CreditStatementDto> {
    const [entries, paidThrough] = await Promise.all([
      this.entries.loadByAccount(userId),
      this.paidPeriods.paidThrough(userId),
    ]);
    const reasons = await this.auditLog.notes(
      this.database.lookups,
      entries.flatMap((entry) => entry.noteId ?? []),
    );
    const balance = replay(entries);
    const until = balance.until === null ? null : new Date(balance.until);
    const now = this.clock.now();
    const leftMs = remainingMs(balance.intervals, now.getTime());
    const { delivery } = this.policy;
    const windows = windowsOf(balance);
    return {
      until,
      daysLeft: daysUntil(until, now),
      usefulDays: usefulDaysOf({ durationMs: leftMs, until }, { delivery, paidThrough }),
      entries: entries.map((entry) => toEntryDto(entry, windows, reasons)).reverse(),
    };
  }
}

/**
 * An entry that was just written, with its reason. Its window is that of a grant at the end of the
 * account.
 */
export function toNewEntryDto(entry: CreditEntry, reason: string): CreditEntryDto {
  const from = entry.untilAfter === null ? null : new Date(entry.untilAfter.getTime() - entry.durationMs);
  const hasWindow = isGrant(entry.kind);
  return {
    ...toEntryDto(entry, new Map(), new Map()),
    windowFrom: hasWindow ? from : null,
    windowUntil: hasWindow ? entry.untilAfter : null,
    reason,
  };
}

/** An entry with its window of `windows`; `reasons` are by note id. */
export function toEntryDto(
  entry: CreditEntry,
  windows: ReturnType<typeof windowsOf>,
  reasons: ReadonlyMap<string, string>,
): CreditEntryDto {
  const window = windows.get(entry.id);
  return {
    id: entry.id,
    seq: entry.seq,
    kind: entry.kind,
    days: entry.durationMs / dayMs,
    effectiveAt: entry.at,
    windowFrom: window?.from ?? null,
    windowUntil: window?.until ?? null,
    reason: entry.noteId === null ? null : (reasons.get(entry.noteId) ?? null),
    referralId: entry.referralId,
    reversesEntryId: entry.reversesEntryId,
  };
}
