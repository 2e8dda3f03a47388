import { Injectable } from '@nestjs/common';
import type { User } from '../auth/index.js';
import { NotificationsPersonalData } from '../notifications/index.js';
import { AuditLog } from '../platform/audit-log.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { IdempotencyRepository } from '../platform/http/idempotency.repository.js';
import { MergedAccounts } from '../platform/merged-accounts.js';
import { MergesRepository } from './merge/merges.repository.js';

/** Personal data that higher layers store: to export or to erase it. Bound by the application. */
export abstract class PersonalDataOwner {
  /** What is kept for an account, by the name it has in an export. */
  abstract exportData(userId: string): Promise<Record<string, unknown>>;
  /** Takes all of it away. */
  abstract eraseData(tx: Tx, userId: string): Promise<void>;
}

/**
 * What is stored of a person beside their account: notes about them, their backups, e-mail
 * preferences and captured e-mails.
 */
@Injectable()
export class PersonalDataEraser {
  constructor(
    private readonly dataOwner: PersonalDataOwner,
    private readonly notifications: NotificationsPersonalData,
    private readonly auditLog: AuditLog,
    private readonly idempotency: IdempotencyRepository,
  ) {}

  /** Takes it all away. `user`: null where the account is erased already. */
  async erase(tx: Tx, userId: string, user: User | null): Promise<void> {
    await this.dataOwner.eraseData(tx, userId);
    if (user !== null) await this.notifications.eraseUser(tx, user);
    await this.idempotency.eraseForUser(tx, userId);
    await this.auditLog.eraseNotes(tx, userId);
  }
}

const batchSize = 1_000;
const maxMerges = 1_000;

/** A line of the audit as its subject may see it. Other people in it appear by kind only. */
export interface PersonalAuditEntry {
  at: Date;
  action: string;
  by: string;
  note: string | null;
}

/**
 * What no other module exports: what was done to a person, what higher layers store about them, and
 * their merges.
 */
@Injectable()
export class PersonalAuditLog {
  constructor(
    private readonly dataOwner: PersonalDataOwner,
    private readonly auditLog: AuditLog,
    private readonly mergedAccounts: MergedAccounts,
    private readonly merges: MergesRepository,
    private readonly database: Database,
  ) {}

  /** What was done to `userId`, newest first, a thousand lines at a time. */
  async *streamEntries(userId: string): AsyncGenerator<PersonalAuditEntry> {
    for (let beforeId: string | null = null; ;) {
      const batch = await this.auditLog.find(this.database, {
        subjectId: userId,
        beforeId,
        limit: batchSize,
      });
      for (const { at, action, actorKind, note } of batch) yield { at, action, by: actorKind, note };
      const last = batch.at(-1);
      if (last === undefined || batch.length < batchSize) return;
      beforeId = last.id;
    }
  }

  /** What higher layers store, and which merges the account was part of. */
  async exportOtherData(userId: string): Promise<Record<string, unknown>> {
    const merges = await this.merges.findNewest(this.database, { beforeId: null, limit: maxMerges, userId });
    return {
      ...(await this.dataOwner.exportData(userId)),
      merges: merges.map(({ id, fromUserId, intoUserId, mergedAt, undoneAt }) => ({
        ...{ id, fromUserId, intoUserId, mergedAt, undoneAt },
      })),
    };
  }

  /** The accounts that were merged into this one. */
  async findMergedAccounts(userId: string): Promise<string[]> {
    return (await this.mergedAccounts.allOf(this.database, userId)).slice(1);
  }
}
