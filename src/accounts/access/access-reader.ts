import { Injectable } from '@nestjs/common';
import { ExternalPeople } from '../../auth/index.js';
import { BillingService, type VersionedAccount } from '../../billing/index.js';
import { CreditService, type CreditState } from '../../credit/index.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { RowLoader } from '../../platform/database/row-loader.js';
import type { Queryable } from '../../platform/database/tx.js';
import type { PersonKey } from '../../platform/merged-accounts.js';
import { accessFrom, nextChange, type Access } from './access.js';

/** The access of an account as of now. */
export interface AccountAccess extends Access {
  tier: 'free' | 'paid';
  creditUntil: Date | null;
  /**
   * Rises in every transaction that changes the access: a reader drops what is older than it has.
   * It is made of what billing and credit count anyway.
   */
  revision: number;
  /** When the access changes by time alone; null: never. */
  changesAt: Date | null;
}

/** Reads the access of accounts. A merged account has none: ask for the current one. */
@Injectable()
export class AccessReader {
  private readonly byUserId = new RowLoader((ids) => this.findAll(ids, this.database.lookups));
  private readonly byExternalId = new RowLoader((ids) =>
    this.findAll(ids, this.database.lookups, 'externalId'),
  );

  constructor(
    private readonly people: ExternalPeople,
    private readonly billing: BillingService,
    private readonly credit: CreditService,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The access of an account; none for an unknown one. */
  async find(userId: string): Promise<AccountAccess> {
    return (await this.byUserId.load(userId)) ?? this.toAccess(this.billing.freeAccount(), noCredit);
  }

  /** The access of a person of another product; null for an unknown one. */
  async findByExternalId(externalId: string): Promise<AccountAccess | null> {
    // asked together: one after the other would be another round trip
    const [userId, access] = await Promise.all([
      this.people.findUserId(externalId),
      this.byExternalId.load(externalId),
    ]);
    return userId === null ? null : access;
  }

  /** The access of these people, by their keys; of an unknown one, none. */
  async findAll(
    keys: readonly string[],
    db: Queryable,
    by: PersonKey = 'userId',
  ): Promise<Map<string, AccountAccess>> {
    const [accounts, credit] = await Promise.all([
      this.billing.findAccounts([...keys], db, by),
      this.credit.findStates([...keys], db, by),
    ]);
    const free = this.billing.freeAccount();
    return new Map(
      keys.map((key) => [key, this.toAccess(accounts.get(key) ?? free, credit.get(key) ?? noCredit)]),
    );
  }

  private toAccess(account: VersionedAccount, { until, entryCount }: CreditState): AccountAccess {
    const now = this.clock.now();
    return {
      ...accessFrom(account, until, now),
      tier: account.tier,
      creditUntil: until,
      revision: account.revision + entryCount,
      changesAt: nextChange(account, until, now),
    };
  }
}

const noCredit: CreditState = { until: null, entryCount: 0 };
