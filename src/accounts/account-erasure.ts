import { Injectable } from '@nestjs/common';
import { AccountClosure, AuthService, UserErasure, type Requester } from '../auth/index.js';
import { BillingService } from '../billing/index.js';
import type { Actor } from '../platform/audit-log.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { emailForLookup } from '../platform/email-address.js';
import { DomainError } from '../platform/errors.js';
import { MergedAccounts } from '../platform/merged-accounts.js';
import type { Principal } from '../platform/security/principal.js';
import { PersonalDataEraser } from './personal-data.js';

/** Erases a person: their account, and all that were merged into it. */
@Injectable()
export class PersonErasure {
  constructor(
    private readonly closure: AccountClosure,
    private readonly userErasure: UserErasure,
    private readonly personalData: PersonalDataEraser,
    private readonly billing: BillingService,
    private readonly mergedAccounts: MergedAccounts,
  ) {}

  /**
   * Locks the user's row first: those who write about them hold it, and find them erased from here
   * on.
   * Errors: `accounts.merge_conflict` where the account was just merged into another one.
   */
  async erase(tx: Tx, userId: string, by: Actor): Promise<void> {
    await this.closure.lockAccounts(tx, [userId]);
    if ((await this.mergedAccounts.currentOf(tx, userId)) !== userId)
      throw new DomainError('accounts.merge_conflict', {
        text: { key: 'console.problem.justMerged' },
      });
    const hasPaid = await this.billing.hasPaid(tx, userId);
    const accountIds = await this.mergedAccounts.allOf(tx, userId);
    for (const accountId of accountIds) {
      await this.personalData.erase(tx, accountId, await this.closure.findAccount(tx, accountId));
      await this.userErasure.erase(tx, accountId, { hasPaid, by });
    }
    this.closure.publishErased(tx, accountIds);
  }
}

/**
 * Ends accounts at their owners' wish. Payment records, and the credit of others, stay as they are.
 */
@Injectable()
export class AccountErasure {
  constructor(
    private readonly auth: AuthService,
    private readonly billing: BillingService,
    private readonly personErasure: PersonErasure,
    private readonly database: Database,
  ) {}

  /**
   * Erases `me`, confirmed by a new code for their own address.
   * Errors: those of a sign-in code; `auth.still_charged` while a subscription may still charge.
   */
  async eraseOwn(
    me: Principal,
    submitted: { challengeId: string; code: string },
    requester: Requester,
  ): Promise<void> {
    const verified = await this.auth.verifyCode(submitted, requester, me.email);
    await this.database.transaction(async (tx) => {
      await this.assertNotCharged(tx, me.userId);
      await this.auth.consumeCode(tx, verified);
      await this.personErasure.erase(tx, me.userId, { kind: 'user', id: me.userId });
    });
  }

  /**
   * Erases a person who asked staff to, all accounts that were merged into theirs included. `email`
   * proves that this account is meant. Errors: `request.not_found`; `accounts.other_address`;
   * `auth.still_charged`.
   */
  async eraseByStaff(userId: string, { email, by }: { email: string; by: Actor }): Promise<void> {
    const user = await this.auth.findById(userId);
    if (user === null)
      throw new DomainError('request.not_found', { text: { key: 'console.problem.userUnknown' } });
    if (emailForLookup(email) !== user.email)
      throw new DomainError('accounts.other_address', {
        text: { key: 'console.problem.eraseAddress' },
      });
    await this.erase(user.id, by);
  }

  /** Erases a person for whom the caller may decide. Errors: `auth.still_charged`. */
  async erase(userId: string, by: Actor): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.assertNotCharged(tx, userId);
      await this.personErasure.erase(tx, userId, by);
    });
  }

  private async assertNotCharged(tx: Tx, userId: string): Promise<void> {
    if (await this.billing.lockAndCheckWillBeCharged(tx, userId))
      throw new DomainError('auth.still_charged', {
        text: { key: 'console.problem.stillCharged' },
      });
  }
}
