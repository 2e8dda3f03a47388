import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { forEachKey } from '../platform/database/for-each-key.js';
import type { Queryable, Tx } from '../platform/database/tx.js';
import type { EmailAddress } from '../platform/email-address.js';
import { newId } from '../platform/ids.js';
import type { User } from './user.js';

const columns = `id, email, display_name AS "displayName", locale, time_zone AS "timeZone", role, created_at AS "createdAt"`;

const presentById = forEachKey(
  'uuid',
  `SELECT ${columns} FROM auth."user" WHERE id = platform.person_of(asked.key) AND erased_at IS NULL`,
);

/** The people with an account. An erased one is nobody here. */
@Injectable()
export class Users {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The user with this id, or null. Of a merged account, who it is now. */
  async byId(id: string, db: Queryable = this.database): Promise<User | null> {
    const rows = await db.query<User>(
      `SELECT ${columns} FROM auth."user" WHERE id = platform.person_of($1) AND erased_at IS NULL`,
      [id],
    );
    return rows[0] ?? null;
  }

  /** As {@link byId}, for many, by the ids that were asked for. */
  async byIds(ids: string[]): Promise<Map<string, User>> {
    const rows = await this.database.lookUps.query<User & { askedFor: string }>(presentById, [
      JSON.stringify(ids),
    ]);
    return new Map(rows.map(({ askedFor, ...user }) => [askedFor, user]));
  }

  /** The account with this id itself, also one that was merged: for what is said about the account. Null when it is erased. */
  async account(id: string, db: Queryable = this.database): Promise<User | null> {
    const rows = await db.query<User>(
      `SELECT ${columns} FROM auth."user" WHERE id = $1 AND erased_at IS NULL`,
      [id],
    );
    return rows[0] ?? null;
  }

  /** As {@link byId}, kept from being erased until the transaction ends. */
  async keep(tx: Tx, id: string): Promise<User | null> {
    const rows: User[] = await tx.query(
      `SELECT ${columns} FROM auth."user" WHERE id = platform.person_of($1) AND erased_at IS NULL FOR KEY SHARE`,
      [id],
    );
    return rows[0] ?? null;
  }

  /** The user with this parsed address, or null. The address of a merged account is one more of whoever it is now. */
  async byEmail(email: EmailAddress, db: Queryable = this.database): Promise<User | null> {
    const rows = await db.query<User>(
      `SELECT ${columns} FROM auth."user"
       WHERE id = (SELECT platform.person_of(own.id) FROM auth."user" own WHERE own.email = $1)`,
      [email],
    );
    return rows[0] ?? null;
  }

  /** The account with this parsed address, and who it is now; null when there is none. */
  async accountOf(email: EmailAddress): Promise<{ id: string; personId: string } | null> {
    const rows = await this.database.query<{ id: string; personId: string }>(
      `SELECT id, platform.person_of(id) AS "personId" FROM auth."user" WHERE email = $1`,
      [email],
    );
    return rows[0] ?? null;
  }

  /** Locks these accounts against everything, sorted, and answers them. Erased ones, and unknown ones, are left out. */
  async lock(tx: Tx, ids: readonly string[]): Promise<User[]> {
    await tx.query(`SELECT 1 FROM auth."user" WHERE id = ANY($1) ORDER BY id FOR UPDATE`, [ids]);
    return tx.query(`SELECT ${columns} FROM auth."user" WHERE id = ANY($1) AND erased_at IS NULL`, [ids]);
  }

  /**
   * The user with this address, made with `locale` when there is none; `created` tells which. At once: the second waits for
   * the first and finds its user, locked against being erased or moved away before this transaction ends.
   */
  async findOrCreate(tx: Tx, email: EmailAddress, locale: string): Promise<{ user: User; created: boolean }> {
    for (;;) {
      const rows: User[] = await tx.query(
        `INSERT INTO auth."user" (id, email, created_at, locale) VALUES ($1, $2, $3, $4)
         ON CONFLICT (email) DO NOTHING RETURNING ${columns}`,
        [newId(this.clock), email, this.clock.now(), locale],
      );
      if (rows[0] !== undefined) return { user: rows[0], created: true };
      const known: User[] = await tx.query(
        `SELECT ${columns} FROM auth."user" WHERE email = $1 FOR KEY SHARE`,
        [email],
      );
      // once its row is ours it is merged no more before we commit
      const user = known[0] && (await this.keep(tx, known[0].id));
      if (user) return { user, created: false };
    }
  }
}
