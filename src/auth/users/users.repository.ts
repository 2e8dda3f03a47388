import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { lateralLookup } from '../../platform/database/row-loader.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { type EmailAddress, maskEmail } from '../../platform/email-address.js';
import { fallbackLocale } from '../../platform/i18n/translations.js';
import { newId } from '../../platform/ids.js';
import type { Role } from '../../platform/security/principal.js';
import { FormerMailboxEntity } from '../profile/former-mailbox.entity.js';
import type { UserEntity } from './user.entity.js';

/** A person who proved an e-mail address and was not erased since. */
export interface User extends Pick<
  UserEntity,
  'id' | 'displayName' | 'locale' | 'timeZone' | 'role' | 'createdAt'
> {
  email: EmailAddress;
}

/**
 * What of a profile to change; what is undefined stays, a null name falls back to the masked
 * address.
 */
export interface ProfileChanges {
  displayName?: string | null;
  locale?: string;
  timeZone?: string;
}

/** How others see a user: by the name they chose, else by their masked address. */
export function publicName(user: Pick<User, 'displayName' | 'email'>): string {
  return user.displayName ?? maskEmail(user.email);
}

/** What {@link User} is read from. */
export const userColumns = `id, email, display_name AS "displayName", locale, time_zone AS "timeZone", role, created_at AS "createdAt"`;

const activeUserById = lateralLookup(
  'uuid',
  `SELECT ${userColumns} FROM auth."user" WHERE id = platform.current_account_of(asked.key) AND erased_at IS NULL`,
);

const userIdByEmail = lateralLookup(
  'text',
  `SELECT id FROM auth."user" WHERE email = asked.key FOR KEY SHARE`,
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

  /** The ids of all active admins. */
  async findAdminIds(): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM auth."user" WHERE role = 'admin' AND erased_at IS NULL ORDER BY id`,
    );
    return rows.map(({ id }) => id);
  }

  /** As {@link findById}, for many, by the ids that were asked for. */
  async findByIds(ids: string[]): Promise<Map<string, User>> {
    const rows = await this.database.lookups.query<User & { askedFor: string }>(activeUserById, [
      JSON.stringify(ids),
    ]);
    return new Map(rows.map(({ askedFor, ...user }) => [askedFor, user]));
  }

  /**
   * The account with this id itself, also one that was merged: for what is said about the account.
   * Null when it is erased.
   */
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

  /**
   * The user with this parsed address, or null. The address of a merged account is one more of its
   * current account.
   */
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

  /**
   * Locks these accounts against everything, sorted, and answers them. Erased ones, and unknown
   * ones, are left out.
   */
  async lockAccounts(tx: Tx, ids: readonly string[]): Promise<User[]> {
    await tx.query(`SELECT 1 FROM auth."user" WHERE id = ANY($1) ORDER BY id FOR UPDATE`, [ids]);
    return tx.query(`SELECT ${userColumns} FROM auth."user" WHERE id = ANY($1) AND erased_at IS NULL`, [ids]);
  }

  /**
   * The user with this address, created with `locale` and `timeZone` when there is none (`isNew`).
   * Concurrent calls: the second waits for the first and finds its user, locked against being
   * erased or moved away before this transaction ends.
   */
  async findOrCreate(
    tx: Tx,
    email: EmailAddress,
    { locale, timeZone }: { locale: string; timeZone: string | null },
  ): Promise<{ user: User; isNew: boolean }> {
    for (;;) {
      const rows: User[] = await tx.query(
        `INSERT INTO auth."user" (id, email, created_at, locale, time_zone)
         VALUES ($1, $2, $3, $4, coalesce($5, 'UTC')) ON CONFLICT (email) DO NOTHING RETURNING ${userColumns}`,
        [newId(this.clock), email, this.clock.now(), locale, timeZone],
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

  /**
   * Inserts those whose address is new, many in one statement; answers the ids of the rows that
   * were made.
   */
  insertMany(
    tx: Tx,
    users: { ids: string[]; emails: EmailAddress[]; createdAt: Date[] },
  ): Promise<{ id: string }[]> {
    return tx.query(
      `INSERT INTO auth."user" (id, email, created_at)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) ON CONFLICT (email) DO NOTHING RETURNING id`,
      [users.ids, users.emails, users.createdAt],
    );
  }

  /**
   * The ids of the accounts with these addresses, by address, kept from being erased until the
   * transaction ends.
   */
  async findAndLockIds(tx: Tx, emails: string[]): Promise<Map<string, string>> {
    if (emails.length === 0) return new Map();
    const found: { askedFor: string; id: string }[] = await tx.query(userIdByEmail, [JSON.stringify(emails)]);
    return new Map(found.map(({ askedFor, id }) => [askedFor, id]));
  }

  /** Changes what `changes` names. */
  async updateProfile(tx: Tx, userId: string, changes: ProfileChanges): Promise<void> {
    await tx.query(
      `UPDATE auth."user" SET
         display_name = CASE WHEN $2 THEN $3 ELSE display_name END,
         locale = coalesce($4, locale), time_zone = coalesce($5, time_zone)
       WHERE id = $1 AND erased_at IS NULL`,
      [
        userId,
        changes.displayName !== undefined,
        changes.displayName?.normalize('NFC') ?? null,
        changes.locale ?? null,
        changes.timeZone ?? null,
      ],
    );
  }

  /**
   * Sets the language of a profile that has the first one (English) still, and likewise its time
   * zone (UTC); null sets nothing. Answers the user; null for an erased one.
   */
  async fillProfile(
    tx: Tx,
    userId: string,
    { locale, timeZone }: { locale: string | null; timeZone: string | null },
  ): Promise<User | null> {
    const [rows]: [User[], number] = await tx.query(
      `UPDATE auth."user" SET
         locale = CASE WHEN locale = $2 THEN coalesce($3, locale) ELSE locale END,
         time_zone = CASE WHEN time_zone = 'UTC' THEN coalesce($4, time_zone) ELSE time_zone END
       WHERE id = $1 AND erased_at IS NULL RETURNING ${userColumns}`,
      [userId, fallbackLocale, locale, timeZone],
    );
    return rows[0] ?? null;
  }

  /**
   * Gives a user another address while they still have `from`; false when they do not.
   * Errors: the constraint `user_email_is_unique`.
   */
  async updateEmail(
    tx: Tx,
    userId: string,
    { from, to }: { from: EmailAddress; to: EmailAddress },
  ): Promise<boolean> {
    const [, changed]: [unknown[], number] = await tx.query(
      `UPDATE auth."user" SET email = $3 WHERE id = $1 AND email = $2 AND erased_at IS NULL`,
      [userId, from, to],
    );
    return changed > 0;
  }

  /** Keeps the keyed hash of a mailbox that a user had. Idempotent. */
  async insertFormerMailbox(tx: Tx, userId: string, emailHash: Buffer): Promise<void> {
    await tx
      .createQueryBuilder()
      .insert()
      .into(FormerMailboxEntity)
      .values({ userId, emailHash })
      .orIgnore()
      .execute();
  }

  /**
   * Makes an admin of a user; false for one who is an admin, or from whom an admin took that away.
   */
  async grantAdmin(tx: Tx, userId: string): Promise<boolean> {
    const [, changed]: [unknown[], number] = await tx.query(
      `UPDATE auth."user" SET role = 'admin' WHERE id = $1 AND NOT admin_revoked AND role <> 'admin'`,
      [userId],
    );
    return changed > 0;
  }

  /** The role of a user, whose row is locked; null when there is none, or they were erased. */
  async lockRole(tx: Tx, userId: string): Promise<Role | null> {
    const rows: { role: Role }[] = await tx.query(
      `SELECT role FROM auth."user" WHERE id = $1 AND erased_at IS NULL FOR NO KEY UPDATE`,
      [userId],
    );
    return rows[0]?.role ?? null;
  }

  /** Sets the role of a locked user, and keeps whether an admin took `admin` away. */
  async updateRole(tx: Tx, userId: string, role: Role): Promise<void> {
    await tx.query(
      `UPDATE auth."user" SET role = $2, admin_revoked = $2 <> 'admin' AND (admin_revoked OR role = 'admin') WHERE id = $1`,
      [userId, role],
    );
  }
}

/**
 * Notes in the temporary table `import_problem` every row of `import_row` (line, email) whose
 * address has an account already.
 */
export async function flagExistingEmails(tx: Tx): Promise<void> {
  await tx.query(
    `INSERT INTO import_problem (line, field, message)
     SELECT r.line, 'email', 'already has an account: remove the row'
     FROM import_row r JOIN auth."user" u ON u.email = r.email`,
  );
}

/** How many accounts have an address that does not match `pattern`, and the id of one of them. */
export async function countOtherEmails(
  db: Queryable,
  pattern: string,
): Promise<{ count: number; sample: string | null }> {
  const [found] = await db.query<{ count: number; sample: string | null }>(
    `SELECT count(*)::integer AS count, min(id::text) AS sample FROM auth."user" WHERE email !~ $1`,
    [pattern],
  );
  return found ?? { count: 0, sample: null };
}

/** The fields of a profile that `changes` names and the user does not have yet. */
export function changedFields(user: User, changes: ProfileChanges): string[] {
  const names = ['displayName', 'locale', 'timeZone'] as const;
  return names.filter((name) => changes[name] !== undefined && changes[name] !== user[name]);
}
