import { Injectable } from '@nestjs/common';
import { BillingService, type VersionedAccount } from '../../billing/index.js';
import { CreditService, type CreditState } from '../../credit/index.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { RowLoader } from '../../platform/database/row-loader.js';
import type { Queryable } from '../../platform/database/tx.js';
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
  private readonly loader = new RowLoader((userIds) => this.findAll(userIds, this.database.lookups));

  constructor(
    private readonly billing: BillingService,
    private readonly credit: CreditService,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The access of an account; none for an unknown one. */
  async find(userId: string): Promise<AccountAccess> {
    return (await this.loader.load(userId)) ?? this.toAccess(this.billing.freeAccount(), noCredit);
  }

  /** The access of these accounts, by their ids. */
  async findAll(userIds: readonly string[], db: Queryable): Promise<Map<string, AccountAccess>> {
    const [accounts, credit] = await Promise.all([
      this.billing.findAccounts([...userIds], db),
      this.credit.findStates([...userIds], db),
    ]);
    const free = this.billing.freeAccount();
    return new Map(
      userIds.map((id) => [id, this.toAccess(accounts.get(id) ?? free, credit.get(id) ?? noCredit)]),
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
