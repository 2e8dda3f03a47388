import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { CreditLedger } from '../ledger/credit-ledger.js';
import { transferToCurrentOwner } from '../ledger/merged-credit-transfer.js';
import { CreditDeliveryPolicy } from './credit-delivery-policy.js';
import type { CreditEntry, TimeRange } from '../ledger/credit-entry.js';
import { buildEntry, type EntryDraft, type LockedAccount } from '../ledger/build-entry.js';
import { remainingMs, sameIntervals } from '../ledger/intervals.js';
import { durationOf, replay, incompleteRevocations } from '../ledger/replay.js';
import { CreditEntryRepository } from '../ledger/credit-entry.repository.js';

/**
 * How far a user has paid. `reportedPeriod`: a paid period that was reported just now, perhaps
 * after it began.
 */
export interface PaidPeriodUpdate {
  paidThrough: Date | null;
  reportedPeriod: TimeRange | null;
}

/** Credit beside paid periods: credit starts after the paid period, or defers the next charge. */
@Injectable()
export class CreditDelivery {
  constructor(
    private readonly ledger: CreditLedger,
    private readonly entries: CreditEntryRepository,
    private readonly policy: CreditDeliveryPolicy,
    private readonly clock: Clock,
  ) {}

  /**
   * Moves the remaining days of `userId` behind the paid period, or back to now. Days that ran
   * inside `reportedPeriod` are given back: they were paid for twice. Under the policy `overlay`
   * only days move that waited before. Idempotent: nothing is written.
   */
  async alignWithPaidPeriod(tx: Tx, userId: string, update: PaidPeriodUpdate): Promise<void> {
    const hasWaitingDays = await this.entries.hasWaitingDays(tx, userId);
    if (this.mayShift(hasWaitingDays)) await this.shiftBehindPaidPeriod(tx, userId, update);
  }

  /** As {@link alignWithPaidPeriod}, for an account that {@link mayShift}. */
  async shiftBehindPaidPeriod(
    tx: Tx,
    userId: string,
    { paidThrough, reportedPeriod }: PaidPeriodUpdate,
  ): Promise<void> {
    const account = await this.ledger.lockAndReplay(tx, userId);
    if (this.policy.isOverlay && !hasOnlyFutureDays(account)) return;
    const notBefore = paidThrough !== null && paidThrough > account.at ? paidThrough : account.at;
    const entryDraft: EntryDraft = { kind: 'shift', notBefore, paidPeriod: reportedPeriod };
    const { entry, after } = buildEntry(account, 'a shift', entryDraft);
    if (sameIntervals(after.intervals, account.balance.intervals)) return;
    await this.ledger.append(tx, account, {
      ...entryDraft,
      paidPeriod: entry.durationMs === 0 ? null : reportedPeriod,
    });
    await this.handleReturnedDays(tx, userId);
  }

  /**
   * Takes the days that are left of an entry, because the charge of the period that ends
   * `putOff.from` was deferred to `putOff.until`; all other days wait behind that. Null, with
   * nothing written, when none are left.
   */
  async consumeForDeferral(tx: Tx, entryId: string, deferredPeriod: TimeRange): Promise<CreditEntry | null> {
    const userId = await this.entries.findUserId(tx, entryId);
    if (userId === null) return null;
    const account = await this.ledger.lockAndReplay(tx, userId);
    const target = account.history.find((entry) => entry.id === entryId);
    if (target === undefined) return null;
    return this.appendUnlessEmpty(tx, account, {
      kind: 'deferral',
      target,
      notBefore: deferredPeriod.until,
      paidPeriod: deferredPeriod,
    });
  }

  /**
   * Gives back `durationMs` of what a deferral took, at most what it still holds. Days of a revoked
   * reward are taken again at once.
   */
  async returnDeferred(tx: Tx, deferralId: string, durationMs: number): Promise<CreditEntry | null> {
    const userId = await this.entries.findUserId(tx, deferralId);
    if (userId === null) return null;
    const account = await this.ledger.lockAndReplay(tx, userId);
    const target = account.history.find((entry) => entry.id === deferralId);
    if (target === undefined) return null;
    const notBefore = await this.policy.earliestStart(userId, tx);
    return this.appendUnlessEmpty(tx, account, { kind: 'deferral', target, durationMs, notBefore });
  }

  /**
   * How much of an entry's own days is still ahead, by how many entries of its ledger, and which
   * conversion they reward, if one; nothing of an unknown entry.
   */
  async remainingOf(
    db: Queryable,
    entryId: string,
  ): Promise<{ durationMs: number; conversionId: string | null; entryCount: number }> {
    const userId = await this.entries.findUserId(db, entryId);
    const entries = userId === null ? [] : await this.entries.findByAccount(db, userId);
    const own = replay(entries).intervals.filter((piece) => piece.entryId === entryId);
    return {
      durationMs: remainingMs(own, this.clock.now().getTime()),
      conversionId: entries.find((entry) => entry.id === entryId)?.conversionId ?? null,
      entryCount: entries.length,
    };
  }

  /** Whether the reward that an entry belongs to is revoked; false for an unknown entry. */
  async isRevoked(db: Queryable, entryId: string): Promise<boolean> {
    const userId = await this.entries.findUserId(db, entryId);
    if (userId === null) return false;
    const grantKey = replay(await this.entries.findByAccount(db, userId)).grantKeys.get(entryId) ?? '';
    const accounts = (await this.entries.findRelated(db, entryId)).map((entry) => entry.userId);
    for (const accountId of new Set([userId, ...accounts]))
      if (replay(await this.entries.findByAccount(db, accountId)).revocationByGrant.has(grantKey))
        return true;
    return false;
  }

  private async appendUnlessEmpty(
    tx: Tx,
    account: LockedAccount,
    entryDraft: EntryDraft,
  ): Promise<CreditEntry | null> {
    const { entry } = buildEntry(account, 'a deferral', entryDraft);
    if (durationOf(account.balance, entry) === 0) return null;
    const written = await this.ledger.append(tx, account, entryDraft);
    await this.handleReturnedDays(tx, account.userId);
    return written;
  }

  /**
   * Days that are ahead again go where they belong: to no account where what they rewarded stands
   * revoked.
   */
  private async handleReturnedDays(tx: Tx, accountId: string): Promise<void> {
    await this.completeRevocations(tx, accountId);
    for (const userId of await transferToCurrentOwner(tx, this.ledger, [accountId]))
      await this.completeRevocations(tx, userId);
  }

  /** Takes back the days that came back to a revoked reward. */
  private async completeRevocations(tx: Tx, userId: string): Promise<void> {
    for (;;) {
      const account = await this.ledger.lockAndReplay(tx, userId);
      const [incomplete] = incompleteRevocations(account.balance, account.at.getTime());
      const target = account.history.find((entry) => entry.id === incomplete);
      if (target === undefined) return;
      await this.ledger.append(tx, account, { kind: target.kind, target });
    }
  }

  /**
   * Whether days of a user may have to {@link alignWithPaidPeriod} a paid period. `hasWaitingDays`:
   * days of theirs ever had to wait for a time.
   */
  mayShift(hasWaitingDays: boolean): boolean {
    return hasWaitingDays || !this.policy.isOverlay;
  }
}

/** Whether there are days ahead, and none of them runs now. */
function hasOnlyFutureDays({ balance, at }: LockedAccount): boolean {
  const first = balance.intervals.find((piece) => piece.until > at.getTime());
  return first !== undefined && first.from > at.getTime();
}
