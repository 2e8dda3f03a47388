import { Injectable } from '@nestjs/common';
import { AuditLog, type Actor } from '../platform/audit-log.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { lateralLookup, RowLoader } from '../platform/database/row-loader.js';
import type { Queryable, Tx } from '../platform/database/tx.js';
import { addMs, dayMs } from '../platform/durations.js';
import { DomainError } from '../platform/errors.js';
import { Outbox } from '../platform/jobs/outbox.js';
import { allAccountsSql } from '../platform/merged-accounts.js';
import type { CreditGranted } from './credit.events.js';
import { CreditLedger } from './ledger/credit-ledger.js';
import { isGrant, type CreditEntry, type Side } from './ledger/credit-entry.js';
import { toEntry, type CreditEntryRow } from './ledger/credit-entry.repository.js';
import { remainingMs } from './ledger/intervals.js';
import { replay } from './ledger/replay.js';

/** The reward of one side of a conversion. */
export interface Reward {
  side: Side;
  userId: string;
  days: number;
}

/** A grant or revocation by a person, with the words that explain it. */
export interface ManualAction {
  reason: string;
  actor: Actor;
}

const creditUntilByUser = lateralLookup('uuid', `SELECT until FROM credit.account WHERE user_id = asked.key`);

/** The door to credit: days of access that somebody has been given, and what became of them. */
@Injectable()
export class CreditService {
  private readonly creditUntilLoader = new RowLoader((userIds) => this.findCreditUntil(userIds));

  constructor(
    private readonly ledger: CreditLedger,
    private readonly auditLog: AuditLog,
    private readonly outbox: Outbox,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Grants the rewards of a conversion, at most one entry a side. A person without an account is left out.
   * Again: refused by the constraint `credit_entry_once_per_side`; the caller asks only for a new conversion.
   */
  async grantRewards(
    tx: Tx,
    conversion: { conversionId: string; referralId: string },
    rewards: Reward[],
  ): Promise<CreditEntry[]> {
    const grants = rewards.map(({ side, userId, days }) => ({
      userId,
      kind: `referral_${side}` as const,
      durationMs: days * dayMs,
      reward: { ...conversion, side },
    }));
    return this.ledger.grant(tx, grants);
  }

  /** Takes back what both sides of a conversion have not used yet. Answers the lines written; none for an unrewarded side. */
  reverseRewards(tx: Tx, conversionId: string): Promise<CreditEntry[]> {
    return this.reverseOrRestoreRewards(tx, conversionId, 'reversal');
  }

  /** Gives both sides of a conversion, or only the named ones, back what the last reversal took. */
  restoreRewards(tx: Tx, conversionId: string, sides?: readonly Side[]): Promise<CreditEntry[]> {
    return this.reverseOrRestoreRewards(tx, conversionId, 'restoration', sides);
  }

  /** Locks the accounts of people, sorted, before anything is decided that depends on more than one of them. */
  lockAccounts(tx: Tx, userIds: string[]): Promise<void> {
    return this.ledger.lockAccounts(tx, userIds);
  }

  /** What the lines of a conversion add up to on each side, in milliseconds. */
  async netDurationBySide(tx: Tx, conversionId: string): Promise<Map<Side, number>> {
    const rows: { side: Side; net: string }[] = await tx.query(
      `SELECT side, sum(duration_ms) AS net FROM credit.entry WHERE conversion_id = $1 GROUP BY side`,
      [conversionId],
    );
    return new Map(rows.map(({ side, net }) => [side, Number(net)]));
  }

  /** Grants days for a milestone; null for a person without an account. */
  async grantMilestone(tx: Tx, userId: string, days: number): Promise<CreditEntry | null> {
    const [line] = await this.ledger.grant(tx, [{ userId, kind: 'milestone', durationMs: days * dayMs }]);
    return line ?? null;
  }

  /** Takes back what is left of a grant outside conversions, or gives it back. `entryId`: the line that did either last. */
  async reverseOrRestore(tx: Tx, entryId: string, kind: 'reversal' | 'restoration'): Promise<CreditEntry> {
    const [target] = await this.selectEntries(tx, `id = $1`, entryId);
    if (target === undefined) throw new Error(`There is no credit entry ${entryId}`);
    await this.ledger.lockAccounts(tx, [target.userId]);
    return this.ledger.reverseOrRestore(tx, {
      target: kind === 'reversal' ? await this.ledger.currentEntryOf(tx, target) : target,
      kind,
    });
  }

  /** How much of an account's credit lies ahead, in milliseconds; 0 for an unknown one. */
  async remainingMs(db: Queryable, userId: string): Promise<number> {
    const { intervals } = replay(await this.ledger.findEntries(db, userId));
    return remainingMs(intervals, this.clock.now().getTime());
  }

  /** Brings the days that are left in accounts that were just merged, or are again apart, to whom they belong now. */
  async transferToCurrentOwner(tx: Tx, userIds: string[]): Promise<void> {
    await this.ledger.lockAccounts(tx, userIds);
    await this.ledger.transferToCurrentOwner(tx, userIds);
  }

  /** Grants days by hand. Errors: `request.not_found` for an unknown user. */
  grantManually(tx: Tx, userId: string, days: number, manualAction: ManualAction): Promise<CreditEntry> {
    return this.grantWithReason(tx, { userId, kind: 'admin_grant', days }, manualAction);
  }

  /** Grants days where money would have gone back. Errors: `request.not_found` for an unknown user. */
  grantInsteadOfRefund(
    tx: Tx,
    userId: string,
    days: number,
    manualAction: ManualAction,
  ): Promise<CreditEntry> {
    return this.grantWithReason(tx, { userId, kind: 'refund_as_credit', days }, manualAction);
  }

  /**
   * Takes back what is left of one grant, in whichever account of its owner it is. Again: answers the revocation that was
   * written first.
   * Errors: `request.not_found`; `credit.not_revocable` for a line that is not a grant.
   */
  async revokeManually(tx: Tx, entryId: string, manualAction: ManualAction): Promise<CreditEntry> {
    const [entry] = await this.selectEntries(
      tx,
      `id = (SELECT coalesce(origin_entry_id, id) FROM credit.entry WHERE id = $1)`,
      entryId,
    );
    if (entry === undefined) throw new DomainError('request.not_found', { detail: 'No such credit entry.' });
    if (!isGrant(entry.kind))
      throw new DomainError('credit.not_revocable', {
        detail: `Only a grant can be revoked; this is a ${entry.kind}.`,
      });
    await this.ledger.lockAccounts(tx, [entry.userId]);
    const [earlierRevocation] = await this.selectEntries(
      tx,
      `kind = 'admin_revoke' AND reverses_entry_id IN (SELECT $1::uuid UNION SELECT id FROM credit.entry WHERE origin_entry_id = $1)`,
      entry.id,
    );
    if (earlierRevocation !== undefined) return earlierRevocation;
    const noteId = await this.auditLog.addNote(tx, manualAction.reason, entry.userId);
    const target = await this.ledger.currentEntryOf(tx, entry);
    const line = await this.ledger.reverseOrRestore(tx, { target, kind: 'admin_revoke', noteId });
    await this.recordAudit(tx, 'credit.revoked', line, manualAction.actor);
    return line;
  }

  /** Until when a user's credit reaches; null when they never had any. */
  async getCreditUntil(userId: string): Promise<Date | null> {
    return (await this.creditUntilLoader.load(userId)) ?? null;
  }

  private async findCreditUntil(userIds: string[]): Promise<Map<string, Date | null>> {
    const rows = await this.database.lookups.query<{ askedFor: string; until: Date | null }>(
      creditUntilByUser,
      [JSON.stringify(userIds)],
    );
    return new Map(rows.map(({ askedFor, until }) => [askedFor, until]));
  }

  /** Accounts whose credit ends in the next `days`, soonest first, after `last`; at most `limit`. */
  async expiringWithin(
    days: number,
    last: { userId: string; until: Date } | null,
    limit: number,
  ): Promise<{ userId: string; until: Date }[]> {
    const now = this.clock.now();
    return this.database.query(
      `SELECT user_id AS "userId", until FROM credit.account
       WHERE until > $1 AND until <= $2 AND ($3::timestamptz IS NULL OR (until, user_id) > ($3, $4))
       ORDER BY until, user_id LIMIT $5`,
      [now, addMs(now, days * dayMs), last?.until ?? null, last?.userId ?? null, limit],
    );
  }

  /** What `userId` earned on `side` of referrals in all their accounts, by referral: net days, when first, and whether the credit stands. */
  async earningsByReferral(
    userId: string,
    side: Side,
  ): Promise<Map<string, { days: number; creditedAt: Date; isGranted: boolean }>> {
    const rows = await this.database.lookups.query<{
      referral_id: string;
      days: string;
      credited_at: Date;
      kind: string;
    }>(
      `SELECT referral_id, sum(duration_ms) / ${dayMs} AS days, min(at) AS credited_at, (array_agg(kind ORDER BY revision DESC))[1] AS kind
       FROM credit.entry WHERE user_id = ANY(${allAccountsSql('$1')}) AND side = $2 GROUP BY referral_id`,
      [userId, side],
    );
    const revocationKinds = new Set(['reversal', 'admin_revoke']);
    return new Map(
      rows.map((row) => [
        row.referral_id,
        { days: Number(row.days), creditedAt: row.credited_at, isGranted: !revocationKinds.has(row.kind) },
      ]),
    );
  }

  private async grantWithReason(
    tx: Tx,
    { userId, kind, days }: { userId: string; kind: 'admin_grant' | 'refund_as_credit'; days: number },
    manualAction: ManualAction,
  ): Promise<CreditEntry> {
    await this.ledger.lockAccounts(tx, [userId]);
    const noteId = await this.auditLog.addNote(tx, manualAction.reason, userId);
    const [line] = await this.ledger.grant(tx, [{ userId, kind, durationMs: days * dayMs, noteId }]);
    if (line === undefined || line.untilAfter === null)
      throw new DomainError('request.not_found', { detail: 'No such user.' });
    await this.recordAudit(tx, 'credit.granted', line, manualAction.actor);
    const event: CreditGranted = {
      name: 'credit.granted',
      entryId: line.id,
      userId,
      days,
      until: line.untilAfter.toISOString(),
    };
    await this.outbox.publish(tx, event);
    return line;
  }

  private async reverseOrRestoreRewards(
    tx: Tx,
    conversionId: string,
    kind: 'reversal' | 'restoration',
    sides: readonly Side[] = ['referrer', 'referred'],
  ): Promise<CreditEntry[]> {
    const lines = await this.selectEntries(tx, `conversion_id = $1 ORDER BY user_id, seq`, conversionId);
    await this.ledger.lockAccounts(
      tx,
      lines.map((line) => line.userId),
    );
    const latest = new Map(
      (await this.selectEntries(tx, `conversion_id = $1 ORDER BY revision`, conversionId)).map((line) => [
        line.side,
        line,
      ]),
    );
    const written: CreditEntry[] = [];
    for (const line of [...latest.values()].sort((a, b) => a.userId.localeCompare(b.userId))) {
      if (line.side === null || !sides.includes(line.side)) continue;
      const isTaken = line.kind === 'reversal' || line.kind === 'admin_revoke';
      if (kind === 'restoration' ? line.kind === 'reversal' : !isTaken)
        written.push(await this.ledger.reverseOrRestore(tx, { target: line, kind }));
    }
    return written;
  }

  private async selectEntries(tx: Tx, where: string, parameter: string): Promise<CreditEntry[]> {
    const rows: CreditEntryRow[] = await tx.query(`SELECT * FROM credit.entry WHERE ${where}`, [parameter]);
    return rows.map(toEntry);
  }

  private async recordAudit(tx: Tx, action: string, entry: CreditEntry, actor: Actor): Promise<void> {
    this.auditLog.record(tx, {
      action,
      actor,
      subjectId: entry.userId,
      details: {
        entryId: entry.id,
        durationMs: entry.durationMs,
        until: entry.untilAfter?.toISOString() ?? null,
      },
      ...(entry.noteId === null ? {} : { noteId: entry.noteId }),
    });
  }
}
