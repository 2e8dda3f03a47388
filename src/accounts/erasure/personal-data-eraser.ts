import { Injectable } from '@nestjs/common';
import type { User } from '../../auth/index.js';
import { NotificationsPersonalData } from '../../notifications/index.js';
import { AuditLog } from '../../platform/audit-log.js';
import type { Tx } from '../../platform/database/tx.js';
import { IdempotencyRepository } from '../../platform/http/idempotency.repository.js';
import { MergedAccounts } from '../../platform/merged-accounts.js';
import { PersonalDataOwner } from '../personal-data-owner.js';

/** What is stored of a person beside their account: notes about them, their backups, e-mail preferences and captured e-mails. */
@Injectable()
export class PersonalDataEraser {
  constructor(
    private readonly dataOwner: PersonalDataOwner,
    private readonly notifications: NotificationsPersonalData,
    private readonly auditLog: AuditLog,
    private readonly idempotency: IdempotencyRepository,
    private readonly mergedAccounts: MergedAccounts,
  ) {}

  /** Who an account is now. */
  currentAccountOf(tx: Tx, userId: string): Promise<string> {
    return this.mergedAccounts.currentOf(tx, userId);
  }

  /** All accounts of a person whose row is locked. */
  allAccountsOf(tx: Tx, userId: string): Promise<string[]> {
    return this.mergedAccounts.allOf(tx, userId);
  }

  /** Takes it all away. `user`: null where the account is erased already. */
  async erase(tx: Tx, userId: string, user: User | null): Promise<void> {
    await this.dataOwner.eraseData(tx, userId);
    if (user !== null) await this.notifications.eraseUser(tx, user);
    await this.idempotency.eraseForUser(tx, userId);
    await this.auditLog.eraseNotes(tx, userId);
  }
}
