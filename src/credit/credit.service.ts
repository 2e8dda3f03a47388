import { Injectable } from '@nestjs/common';
import { AuditLog, type Actor } from '../platform/audit-log.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { RowLoader } from '../platform/database/row-loader.js';
import type { Queryable, Tx } from '../platform/database/tx.js';
import type { PersonKey } from '../platform/merged-accounts.js';
import { addMs, dayMs, daysUntil } from '../platform/durations.js';
import { DomainError } from '../platform/errors.js';
import { Outbox } from '../platform/jobs/outbox.js';
import { auditCreditEntry } from './credit-audit.js';
import type { CreditGranted, CreditRevoked } from './credit.events.js';
import { CreditLedger } from './ledger/credit-ledger.js';
import { isGrant, type CreditEntry, type Side } from './ledger/credit-entry.js';
import { CreditAccountRepository, type CreditState } from './ledger/credit-account.repository.js';
import { CreditEntryRepository, type ReferralEarnings } from './ledger/credit-entry.repository.js';
import { currentEntryOf, transferToCurrentOwner } from './ledger/merged-credit-transfer.js';

/** Days that a person grants: as a present (`admin_grant`, the default), or instead of a refund. */
export interface ManualGrant {
  userId: string;
  kind?: 'admin_grant' | 'refund_as_credit';
  days: number;
}

/** A grant or revocation by a person, with the reason they give. */
export interface ManualAction {
  reason: string;
  actor: Actor;
}

/** The entry point of credit: days of access that were granted, and what happened to them. */
@Injectable()
export class CreditService {
  private readonly stateLoader = new RowLoader((userIds) =>
    this.accounts.findStates(userIds, this.database.lookups),
  );

  // eslint-disable-next-line max-params -- the entry point of the module
  constructor(
    private readonly ledger: CreditLedger,
    private readonly entries: CreditEntryRepository,
    private readonly accounts: CreditAccountRepository,
    private readonly auditLog: AuditLog,
    private readonly outbox: Outbox,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The net duration of a conversion's entries on each side, in milliseconds. */
  netDurationBySide(tx: Tx, conversionId: string): Promise<Map<Side, number>> {
    return this.entries.netDurationBySide(tx, conversionId);
  }

  /**
   * Brings the days that are left in accounts that were just merged, or are again apart, to whom
   * they belong now.
   */
  async transferToCurrentOwner(tx: Tx, userIds: string[]): Promise<void> {
    await this.ledger.lockAccounts(tx, userIds);
    await transferToCurrentOwner(tx, this.ledger, userIds);
  }

  /**
   * Grants days by a person's decision. Errors: `request.not_found` for an unknown user.
   */
  async grantManually(
    tx: Tx,
    { userId, kind = 'admin_grant', days }: ManualGrant,
    manualAction: ManualAction,
  ): Promise<CreditEntry> {
    await this.ledger.lockAccounts(tx, [userId]);
    const noteId = await this.auditLog.addNote(tx, manualAction.reason, userId);
    const [entry] = await this.ledger.grant(tx, [{ userId, kind, durationMs: days * dayMs, noteId }]);
    if (entry === undefined || entry.untilAfter === null)
      throw new DomainError('request.not_found', { text: { key: 'console.problem.userUnknown' } });
    auditCreditEntry(this.auditLog, tx, { action: 'credit.granted', entry, actor: manualAction.actor });
    const event: CreditGranted = {
      name: 'credit.granted',
      entryId: entry.id,
      userId,
      days,
      until: entry.untilAfter.toISOString(),
    };
    this.outbox.publish(tx, event);
    return entry;
  }

  /**
   * Takes back what is left of one grant, in whichever account of its owner it is. Idempotent:
   * answers the revocation that was written first.
   * Errors: `request.not_found`; `credit.not_revocable` for an entry that is not a grant.
   */
  async revokeManually(tx: Tx, entryId: string, manualAction: ManualAction): Promise<CreditEntry> {
    const entry = await this.entries.findOrigin(tx, entryId);
    if (entry === undefined)
      throw new DomainError('request.not_found', { text: { key: 'console.problem.entryUnknown' } });
    if (!isGrant(entry.kind))
      throw new DomainError('credit.not_revocable', {
        text: { key: 'console.problem.notAGrant' },
      });
    await this.ledger.lockAccounts(tx, [entry.userId]);
    const earlierRevocation = await this.entries.findManualRevocation(tx, entry.id);
    if (earlierRevocation !== undefined) return earlierRevocation;
    const noteId = await this.auditLog.addNote(tx, manualAction.reason, entry.userId);
    const target = await currentEntryOf(tx, this.ledger, entry);
    const revocation = await this.ledger.reverseOrRestore(tx, { target, kind: 'admin_revoke', noteId });
    auditCreditEntry(this.auditLog, tx, {
      action: 'credit.revoked',
      entry: revocation,
      actor: manualAction.actor,
    });
    this.outbox.publish(tx, revokedEvent(revocation));
    return revocation;
  }

  /** Until when a user's credit reaches; null when they never had any. */
  async getCreditUntil(userId: string): Promise<Date | null> {
    return (await this.stateLoader.load(userId))?.until ?? null;
  }

  /** The credit of these people, by their keys; none for an unknown person. */
  findStates(keys: string[], db: Queryable, by?: PersonKey): Promise<Map<string, CreditState>> {
    return this.accounts.findStates(keys, db, by);
  }

  /** How many days of credit a user has left, rounded up. */
  async getDaysLeft(userId: string): Promise<number> {
    return daysUntil(await this.getCreditUntil(userId), this.clock.now());
  }

  /**
   * Accounts whose credit ends in the next `days`, soonest first, after `last`; at most `limit`.
   */
  async expiringWithin(
    days: number,
    last: { userId: string; until: Date } | null,
    limit: number,
  ): Promise<{ userId: string; until: Date }[]> {
    const now = this.clock.now();
    return this.accounts.findExpiring(now, addMs(now, days * dayMs), last, limit);
  }

  /**
   * What `userId` earned on `side` of these conversions in all their accounts, by referral: net
   * days, when first, and whether the credit stands.
   */
  async earningsByReferral(
    userId: string,
    side: Side,
    conversionIds: readonly string[],
    db?: Queryable,
  ): Promise<Map<string, ReferralEarnings>> {
    return conversionIds.length === 0
      ? new Map()
      : this.entries.earningsByReferral(userId, side, conversionIds, db);
  }
}

function revokedEvent({ id, userId, durationMs, untilAfter }: CreditEntry): CreditRevoked {
  const until = untilAfter?.toISOString() ?? null;
  return { name: 'credit.revoked', entryId: id, userId, days: -durationMs / dayMs, until };
}
