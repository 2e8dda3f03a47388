import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { lateralList, ListLoader } from '../../platform/database/row-loader.js';
import type { Tx } from '../../platform/database/tx.js';
import { EmailOptOutEntity, type OptionalEmail } from './email-opt-out.entity.js';

const kindsByUser = lateralList(
  'uuid',
  `SELECT kind FROM notifications.email_opt_out WHERE user_id = asked.key`,
);

/** Which kinds of email people do without. */
@Injectable()
export class EmailOptOutsRepository {
  private readonly kindLoader = new ListLoader<Pick<EmailOptOutEntity, 'kind'>>(
    () => this.database.lookups,
    kindsByUser,
  );

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The kinds that `userId` does without. */
  async findKinds(userId: string): Promise<OptionalEmail[]> {
    const rows = await this.kindLoader.load(userId);
    return rows.map(({ kind }) => kind);
  }

  /** The same with times, as the person gets it. */
  exportUser(userId: string): Promise<Record<string, unknown>[]> {
    return this.database.query(
      `SELECT kind, opted_out_at FROM notifications.email_opt_out WHERE user_id = $1 ORDER BY kind`,
      [userId],
    );
  }

  /** Idempotent. */
  async insert(tx: Tx, userId: string, kind: OptionalEmail): Promise<void> {
    await tx
      .createQueryBuilder()
      .insert()
      .into(EmailOptOutEntity)
      .values({ userId, kind, optedOutAt: this.clock.now() })
      .orIgnore()
      .execute();
  }

  /** Idempotent. */
  async delete(tx: Tx, userId: string, kind: OptionalEmail): Promise<void> {
    await tx.delete(EmailOptOutEntity, { userId, kind });
  }

  /** Deletes all that `userId` chose. */
  async deleteByUser(tx: Tx, userId: string): Promise<void> {
    await tx.delete(EmailOptOutEntity, { userId });
  }
}
