import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { lateralLookup } from '../../platform/database/row-loader.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import type { EmailAddress } from '../../platform/email-address.js';
import { newId } from '../../platform/ids.js';
import type { User } from './user.js';

const userColumns = `id, email, display_name AS "displayName", locale, time_zone AS "timeZone", role, created_at AS "createdAt"`;

const activeUserById = lateralLookup(
  'uuid',
  `SELECT ${userColumns} FROM auth."user" WHERE id = platform.current_account_of(asked.key) AND erased_at IS NULL`,
);

/** The people with an account. Erased users are left out. */
@Injectable()
export class UsersRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The user with this id, or null. Of a merged account, who it is now. */
  async findById(id: string, db: Queryable = this.database): Promise<User | null> {
    const rows = await db.query<User>(
      `SELECT ${userColumns} FROM auth."user" WHERE id = platform.current_account_of($1) AND erased_at IS NULL`,
      [id],
    );
    return rows[0] ?? null;
  }

  /** As {@link findById}, for many, by the ids that were asked for. */
  async findByIds(ids: string[]): Promise<Map<string, User>> {
    const rows = await this.database.lookups.query<User & { askedFor: string }>(activeUserById, [
      JSON.stringify(ids),
    ]);
    return new Map(rows.map(({ askedFor, ...user }) => [askedFor, user]));
  }

  /** The account with this id itself, also one that was merged: for what is said about the account. Null when it is erased. */
  async findAccountById(id: string, db: Queryable = this.database): Promise<User | null> {
    const rows = await db.query<User>(
      `SELECT ${userColumns} FROM auth."user" WHERE id = $1 AND erased_at IS NULL`,
      [id],
    );
    return rows[0] ?? null;
  }

  /** As {@link findById}, kept from being erased until the transaction ends. */
  async findAndLock(tx: Tx, id: string): Promise<User | null> {
    const rows: User[] = await tx.query(
      `SELECT ${userColumns} FROM auth."user" WHERE id = platform.current_account_of($1) AND erased_at IS NULL FOR KEY SHARE`,
      [id],
    );
    return rows[0] ?? null;
  }

  /** The user with this parsed address, or null. The address of a merged account is one more of its current account. */
  async findByEmail(email: EmailAddress, db: Queryable = this.database): Promise<User | null> {
    const rows = await db.query<User>(
      `SELECT ${userColumns} FROM auth."user"
       WHERE id = (SELECT platform.current_account_of(own.id) FROM auth."user" own WHERE own.email = $1)`,
      [email],
    );
    return rows[0] ?? null;
  }

  /** The account with this parsed address, and who it is now; null when there is none. */
  async accountOf(email: EmailAddress): Promise<{ id: string; personId: string } | null> {
    const rows = await this.database.query<{ id: string; personId: string }>(
      `SELECT id, platform.current_account_of(id) AS "personId" FROM auth."user" WHERE email = $1`,
      [email],
    );
    return rows[0] ?? null;
  }

  /** Locks these accounts against everything, sorted, and answers them. Erased ones, and unknown ones, are left out. */
  async lockAccounts(tx: Tx, ids: readonly string[]): Promise<User[]> {
    await tx.query(`SELECT 1 FROM auth."user" WHERE id = ANY($1) ORDER BY id FOR UPDATE`, [ids]);
    return tx.query(`SELECT ${userColumns} FROM auth."user" WHERE id = ANY($1) AND erased_at IS NULL`, [ids]);
  }

  /**
   * The user with this address, made with `locale` when there is none; `created` says which. Concurrent calls: the second waits for
   * the first and finds its user, locked against being erased or moved away before this transaction ends.
   */
  async findOrCreate(tx: Tx, email: EmailAddress, locale: string): Promise<{ user: User; isNew: boolean }> {
    for (;;) {
      const rows: User[] = await tx.query(
        `INSERT INTO auth."user" (id, email, created_at, locale) VALUES ($1, $2, $3, $4)
         ON CONFLICT (email) DO NOTHING RETURNING ${userColumns}`,
        [newId(this.clock), email, this.clock.now(), locale],
      );
      if (rows[0] !== undefined) return { user: rows[0], isNew: true };
      const existing: User[] = await tx.query(
        `SELECT ${userColumns} FROM auth."user" WHERE email = $1 FOR KEY SHARE`,
        [email],
      );
      // once its row is locked it cannot be merged before we commit
      const user = existing[0] && (await this.findAndLock(tx, existing[0].id));
      if (user) return { user, isNew: false };
    }
  }
}
