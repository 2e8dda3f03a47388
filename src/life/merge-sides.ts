import { Injectable } from '@nestjs/common';
import { AccountEnds, type User } from '../auth/index.js';
import { AccountMoves } from '../billing/index.js';
import { CreditService } from '../credit/index.js';
import type { Queryable, Tx } from '../platform/database/tx.js';
import { DomainError } from '../platform/errors.js';
import { Persons } from '../platform/persons.js';
import { ReferralMerges } from '../referral/index.js';
import type { Side } from './merge-preview.js';

/** Two accounts as all modules see them, and the locks that keep them so. */
@Injectable()
export class MergeSides {
  constructor(
    private readonly auth: AccountEnds,
    private readonly billing: AccountMoves,
    private readonly referrals: ReferralMerges,
    private readonly credit: CreditService,
    private readonly persons: Persons,
  ) {}

  /** Locks everything that a merge of these accounts reads and writes, in the order that events take. */
  async lock(tx: Tx, userIds: readonly string[]): Promise<void> {
    await this.billing.lock(tx, userIds);
    await this.auth.lock(tx, userIds);
    const accounts: string[] = [];
    for (const userId of userIds) accounts.push(...(await this.persons.accountsOf(tx, userId)));
    await this.referrals.lock(tx, accounts);
    await this.credit.lock(tx, [...userIds]);
  }

  /** Errors: `request.not_found` for nobody, or somebody erased: there would be nothing to lock. */
  async refuseUnknown(db: Queryable, userIds: readonly string[]): Promise<void> {
    for (const userId of userIds) await this.userOf(db, userId);
  }

  /** One account. Errors: `request.not_found` for nobody, or somebody erased. */
  async look(db: Queryable, userId: string): Promise<Side> {
    const user = await this.userOf(db, userId);
    const person = await this.persons.of(db, userId);
    const accounts = await this.persons.accountsOf(db, userId);
    const creditMs = await this.credit.aheadOf(db, userId);
    const billing = await this.billing.look(db, userId);
    const referral = await this.referrals.look(db, userId);
    return { user, person, accounts, creditMs, billing, referral };
  }

  private async userOf(db: Queryable, userId: string): Promise<User> {
    const user = await this.auth.account(db, userId);
    if (user !== null) return user;
    throw new DomainError('request.not_found', { detail: `There is no account ${userId} (any more).` });
  }
}
