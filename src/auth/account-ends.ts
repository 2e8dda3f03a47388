import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/audit.js';
import type { Queryable, Tx } from '../platform/database/tx.js';
import { Outbox } from '../platform/outbox.js';
import type { AccountsMerged, UsersErased } from './auth.events.js';
import { Erasure } from './erasure.js';
import { Sessions } from './sessions.js';
import type { User } from './user.js';
import { Users } from './users.js';

/** The door to auth for what ends an account: merging and erasing. */
@Injectable()
export class AccountEnds {
  constructor(
    private readonly users: Users,
    private readonly sessions: Sessions,
    private readonly erasure: Erasure,
    private readonly outbox: Outbox,
  ) {}

  /** See {@link Users.account}. */
  account(db: Queryable, userId: string): Promise<User | null> {
    return this.users.account(userId, db);
  }

  /** See {@link Users.lock}: nobody signs in to them, and nothing is written for them, before the transaction ends. */
  lock(tx: Tx, userIds: readonly string[]): Promise<User[]> {
    return this.users.lock(tx, userIds);
  }

  /** Ends every session of a locked account that was merged, and tells both its addresses. */
  async closeMerged(
    tx: Tx,
    { mergeId, fromUserId, intoUserId }: Omit<AccountsMerged, 'name'>,
  ): Promise<void> {
    await this.sessions.endAll(tx, fromUserId);
    const event: AccountsMerged = { name: 'auth.accounts_merged', mergeId, fromUserId, intoUserId };
    await this.outbox.publish(tx, event);
  }

  /** Tells whoever keeps what Stripe said of these accounts, once they are erased. */
  async tellErased(tx: Tx, userIds: string[]): Promise<void> {
    const event: UsersErased = { name: 'auth.users_erased', userIds };
    await this.outbox.publish(tx, event);
  }

  /** See {@link Erasure.erase}. */
  erase(tx: Tx, userId: string, of: { hasPaid: boolean; by: Actor }): Promise<void> {
    return this.erasure.erase(tx, userId, of);
  }
}
