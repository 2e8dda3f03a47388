import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { lateralLookup } from '../../platform/database/row-loader.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import type { EmailAddress } from '../../platform/email-address.js';
import { newId } from '../../platform/ids.js';
import { allAccountsSql } from '../../platform/merged-accounts.js';
import { userColumns, type User } from './users.repository.js';

/** A person whom another product knows by an id of its own. */
export interface NewExternalUser {
  externalId: string;
  email: EmailAddress;
  displayName: string | null;
  locale: string;
  timeZone: string;
  createdAt: Date;
}

const userIdByExternalId = lateralLookup(
  'text',
  `SELECT platform.current_account_of(id) AS "userId" FROM auth."user" WHERE external_id = asked.key`,
);

/** The ids that another product gives its people, one per account. */
@Injectable()
export class ExternalPeopleRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Which users these external ids are, by external id. Of a merged account, who it is now. */
  async findUserIds(
    externalIds: string[],
    db: Queryable = this.database.lookups,
  ): Promise<Map<string, string>> {
    const rows = await db.query<{ askedFor: string; userId: string }>(userIdByExternalId, [
      JSON.stringify(externalIds),
    ]);
    return new Map(rows.map(({ askedFor, userId }) => [askedFor, userId]));
  }

  /** The external id of a person, whichever of their accounts has one: the current one first. */
  async findExternalId(userId: string): Promise<string | null> {
    const rows = await this.database.query<{ externalId: string }>(
      `SELECT external_id AS "externalId" FROM auth."user"
       WHERE id = ANY(${allAccountsSql('$1')}) AND external_id IS NOT NULL
       ORDER BY id = platform.current_account_of($1) DESC, id LIMIT 1`,
      [userId],
    );
    return rows[0]?.externalId ?? null;
  }

  /** The account that has an external id, though it may be merged by now; or null. */
  async findAccountId(tx: Tx, externalId: string): Promise<string | null> {
    const rows: { id: string }[] = await tx.query(`SELECT id FROM auth."user" WHERE external_id = $1`, [
      externalId,
    ]);
    return rows[0]?.id ?? null;
  }

  /**
   * Inserts a user, and answers them; null when the external id or the address is taken.
   * Concurrent calls: one inserts, the others wait for it.
   */
  async insert(tx: Tx, user: NewExternalUser): Promise<User | null> {
    const rows: User[] = await tx.query(
      `INSERT INTO auth."user" (id, external_id, email, display_name, locale, time_zone, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING ${userColumns}`,
      [
        ...[newId(this.clock), user.externalId, user.email, user.displayName],
        ...[user.locale, user.timeZone, user.createdAt],
      ],
    );
    return rows[0] ?? null;
  }

  /** The account with this address, and whether its person has an external id already. */
  async findByEmail(tx: Tx, email: EmailAddress): Promise<{ userId: string; hasExternalId: boolean } | null> {
    const rows: { userId: string; hasExternalId: boolean }[] = await tx.query(
      `SELECT person.id AS "userId", EXISTS (
           SELECT 1 FROM auth."user" u WHERE u.id = ANY(platform.all_accounts_of(person.id)) AND u.external_id IS NOT NULL
         ) AS "hasExternalId"
       FROM (SELECT platform.current_account_of(id) AS id FROM auth."user" WHERE email = $1) AS person`,
      [email],
    );
    return rows[0] ?? null;
  }

  /**
   * Gives an account an external id; false when it has one, or was erased. Errors: the constraint
   * `user_external_id_is_unique`.
   */
  async assign(tx: Tx, userId: string, externalId: string): Promise<boolean> {
    const [, changed]: [unknown[], number] = await tx.query(
      `UPDATE auth."user" SET external_id = $2 WHERE id = $1 AND external_id IS NULL AND erased_at IS NULL`,
      [userId, externalId],
    );
    return changed > 0;
  }
}
