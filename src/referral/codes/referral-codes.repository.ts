import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { lateralLookup } from '../../platform/database/row-loader.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { Secrets } from '../../platform/security/secrets.js';
import type { Channel } from '../attribution/channels.js';
import type { ReferralCodeDto } from '../referral.dto.js';
import { codeKey } from './referral-code.js';

const codesByUser = lateralLookup(
  'uuid',
  `SELECT code FROM referral.code WHERE user_id = asked.key AND retired_at IS NULL`,
);

/**
 * What a person typed (`$1` upper case, `$2` its key) is this code, as it is written or in another
 * spelling.
 */
const isTyped = `(code = $1 OR referral.code_key(code) = $2 AND NOT is_ambiguous)`;

const erasedCodePurpose = 'erased_code';

/** What is stored of the code of an erased person, under each key that is in use. */
export function erasedCodeHashes(secrets: Secrets, code: string): Buffer[] {
  return secrets.hashes(erasedCodePurpose, codeKey(code));
}

/** How often the link of a code was opened on a day (UTC), by the way it was shared. */
export interface ClickCount {
  code: string;
  day: string;
  channel: Channel | null;
  clicks: number;
}

/** A row of referral.code. */
export interface ReferralCodeRow {
  code: string;
  kind: ReferralCodeDto['kind'];
  created_at: Date;
  retired_at: Date | null;
  works_until: Date | null;
  blocked_at: Date | null;
}

/**
 * Everybody's codes, how often their links were opened, and the codes that erased people had
 * chosen. A code may be a name, so of these only a keyed hash is kept; links to them are out in the
 * world, so no one else ever gets them.
 */
@Injectable()
export class ReferralCodesRepository {
  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
  ) {}

  /** The current codes of these users. */
  async findByUsers(db: Queryable, userIds: string[]): Promise<Map<string, string>> {
    const rows = await db.query<{ askedFor: string; code: string }>(codesByUser, [JSON.stringify(userIds)]);
    return new Map(rows.map(({ askedFor, code }) => [askedFor, code]));
  }

  /**
   * The code that `typed` is, in any spelling, else `meant` of those that we made; null unless it
   * works at `now`.
   */
  async findWorking(
    db: Queryable,
    { typed, meant, now }: { typed: string; meant: string; now: Date },
  ): Promise<{ code: string; userId: string } | null> {
    const rows = await db.query<{ code: string; user_id: string }>(
      `SELECT code, platform.current_account_of(user_id) AS user_id FROM (
         SELECT * FROM referral.code
         WHERE ${isTyped} OR (code = $3 AND kind = 'random')
         ORDER BY code = $1 DESC, referral.code_key(code) = $2 DESC LIMIT 1) AS meant
       WHERE blocked_at IS NULL AND (retired_at IS NULL OR works_until > $4)`,
      [typed, codeKey(typed), meant, now],
    );
    return rows[0] === undefined ? null : { code: rows[0].code, userId: rows[0].user_id };
  }

  /**
   * The code of the person whose alias this is, exactly as it is written; null for an unknown
   * alias, and for a person without a code that works. Codes of accounts that were merged into
   * theirs come last.
   */
  async findByAlias(db: Queryable, alias: string): Promise<{ code: string; userId: string } | null> {
    const rows = await db.query<{ code: string; userId: string }>(
      `SELECT c.code, owner.id AS "userId"
       FROM (SELECT platform.current_account_of(user_id) AS id FROM referral.code_alias WHERE alias = $1) owner
         JOIN referral.code c ON c.user_id = ANY (platform.all_accounts_of(owner.id))
       WHERE c.retired_at IS NULL AND c.blocked_at IS NULL ORDER BY c.user_id = owner.id DESC, c.code LIMIT 1`,
      [alias],
    );
    return rows[0] ?? null;
  }

  /**
   * Gives each user without a current code the one that comes with them, unless another person has
   * it. Answers how many are still without one.
   */
  async insertMissing(tx: Tx, proposals: { userId: string; code: string }[], at: Date): Promise<number> {
    const proposed = [proposals.map(({ userId }) => userId), proposals.map(({ code }) => code)];
    await tx.query(
      `INSERT INTO referral.code (code, user_id, created_at)
       SELECT p.code, p.user_id, $3 FROM unnest($1::uuid[], $2::text[]) AS p (user_id, code)
       WHERE NOT EXISTS (SELECT 1 FROM referral.code own WHERE own.user_id = p.user_id AND own.retired_at IS NULL)
       ON CONFLICT DO NOTHING`,
      [...proposed, at],
    );
    const [missing]: { n: number }[] = await tx.query(
      `SELECT count(*)::integer AS n FROM unnest($1::uuid[]) AS asked (user_id)
       WHERE NOT EXISTS (SELECT 1 FROM referral.code own WHERE own.user_id = asked.user_id AND own.retired_at IS NULL)`,
      [proposed[0]],
    );
    return missing?.n ?? 0;
  }

  /**
   * The code that `typed` is, in any spelling, also one that does not work any more; null when no
   * user had it.
   */
  async find(
    db: Queryable,
    typed: string,
  ): Promise<{ code: string; userId: string; isCurrent: boolean } | null> {
    const rows = await db.query<{ code: string; userId: string; isCurrent: boolean }>(
      `SELECT code, user_id AS "userId", retired_at IS NULL AS "isCurrent" FROM referral.code
       WHERE ${isTyped} ORDER BY code = $1 DESC LIMIT 1`,
      [typed, codeKey(typed)],
    );
    return rows[0] ?? null;
  }

  /**
   * The current code of a user, else `code`, which becomes it; null when a person has, or gave up,
   * one that is the same in another spelling, and when another request has just given this user
   * one. Errors: `code_belongs_to_a_user`.
   */
  async findOrInsert(
    tx: Tx,
    { code, userId, at }: { code: string; userId: string; at: Date },
  ): Promise<{ code: string; isNew: boolean } | null> {
    const rows: { code: string; isNew: boolean }[] = await tx.query(
      `WITH current AS (
         SELECT code FROM referral.code WHERE user_id = $2 AND retired_at IS NULL
       ), made AS (
         INSERT INTO referral.code (code, kind, user_id, created_at)
         SELECT $1, 'random', $2, $3 WHERE NOT EXISTS (SELECT FROM current)
         ON CONFLICT DO NOTHING RETURNING code
       )
       SELECT code, false AS "isNew" FROM current UNION ALL SELECT code, true FROM made`,
      [code, userId, at],
    );
    return rows[0] ?? null;
  }

  /**
   * Gives `userId` a code of their choice, unless a person has, or gave up, one that is the same in
   * another spelling; false then. Errors: `code_belongs_to_a_user`.
   */
  async insertVanity(tx: Tx, record: { code: string; userId: string; at: Date }): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `INSERT INTO referral.code (code, kind, user_id, created_at)
       VALUES ($1, 'vanity', $2, $3) ON CONFLICT DO NOTHING RETURNING code`,
      [record.code, record.userId, record.at],
    );
    return rows.length === 1;
  }

  /** Makes changes of one user's code wait for each other. */
  async lockChanges(tx: Tx, userId: string): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 15))`, [userId]);
  }

  /** Retires the current code of a user; it works until `worksUntil`. */
  async retire(tx: Tx, userId: string, { at, worksUntil }: { at: Date; worksUntil: Date }): Promise<void> {
    await tx.query(
      `UPDATE referral.code SET retired_at = $2, works_until = $3 WHERE user_id = $1 AND retired_at IS NULL`,
      [userId, at, worksUntil],
    );
  }

  /** Takes up a retired code of this user again; false for any other code, and a blocked one. */
  async reactivate(tx: Tx, code: string, userId: string): Promise<boolean> {
    const [, reactivated]: [unknown[], number] = await tx.query(
      `UPDATE referral.code SET retired_at = NULL, works_until = NULL WHERE code = $1 AND user_id = $2 AND blocked_at IS NULL`,
      [code, userId],
    );
    return reactivated > 0;
  }

  /** All codes of a user, the present one first, then the newest. */
  listByUser(userId: string): Promise<ReferralCodeRow[]> {
    return this.database.query<ReferralCodeRow>(
      `SELECT * FROM referral.code WHERE user_id = $1 ORDER BY retired_at IS NULL DESC, created_at DESC, code`,
      [userId],
    );
  }

  /** Stops a code or lets it work again; null for an unknown one. */
  async setBlocked(
    tx: Tx,
    code: string | undefined,
    isBlocked: boolean,
    at: Date,
  ): Promise<{ code: string; user_id: string; kind: ReferralCodeDto['kind'] } | null> {
    const [rows]: [{ code: string; user_id: string; kind: ReferralCodeDto['kind'] }[], number] =
      await tx.query(
        `UPDATE referral.code SET blocked_at = CASE WHEN $2 THEN coalesce(blocked_at, $3) END WHERE code = $1 RETURNING code, user_id, kind`,
        [code, isBlocked, at],
      );
    return rows[0] ?? null;
  }

  /** The current codes of a person, in all their accounts. */
  async findByPerson(db: Queryable, userId: string): Promise<string[]> {
    const codes = await db.query<{ code: string }>(
      `SELECT code FROM referral.code WHERE user_id = ANY(platform.all_accounts_of($1)) AND retired_at IS NULL ORDER BY code`,
      [userId],
    );
    return codes.map(({ code }) => code);
  }

  /** Stops all codes of an account that is erased. */
  async retireAll(tx: Tx, userId: string, at: Date): Promise<void> {
    await tx.query(
      `UPDATE referral.code SET retired_at = coalesce(retired_at, $2), works_until = NULL WHERE user_id = $1`,
      [userId, at],
    );
  }

  /**
   * Deletes the codes that a user chose, keeps them taken for good as keyed hashes, and answers
   * them. Idempotent.
   */
  async eraseVanityCodes(tx: Tx, userId: string): Promise<string[]> {
    const [rows]: [{ code: string }[]] = await tx.query(
      `DELETE FROM referral.code WHERE user_id = $1 AND kind = 'vanity' RETURNING code`,
      [userId],
    );
    const codes = rows.map(({ code }) => code);
    await tx.query(
      `INSERT INTO referral.erased_code (code_hash) SELECT unnest($1::bytea[]) ON CONFLICT DO NOTHING`,
      [codes.map((code) => this.secrets.hash(erasedCodePurpose, codeKey(code)))],
    );
    return codes;
  }

  /**
   * Whether an erased person had `code`. A statement of its own: after a wait for the erasure it
   * sees it.
   */
  async wasErased(db: Queryable, code: string): Promise<boolean> {
    const rows = await db.query(`SELECT 1 FROM referral.erased_code WHERE code_hash = ANY($1)`, [
      erasedCodeHashes(this.secrets, code),
    ]);
    return rows.length > 0;
  }

  /** Counts opened links of codes, and of their channels. Codes that are gone count nothing. */
  async countClicks(tx: Tx, counts: readonly ClickCount[]): Promise<void> {
    await tx.query(`SELECT referral.count_clicks($1)`, [JSON.stringify(counts)]);
  }

  /** How often the links of a person were opened since a time, by day (UTC). */
  countClicksByDay(userId: string, since: Date): Promise<{ day: string; clicks: number }[]> {
    return this.database.lookups.query<{ day: string; clicks: number }>(
      `SELECT to_char(v.day, 'YYYY-MM-DD') AS day, sum(v.clicks)::integer AS clicks
         FROM referral.link_click v JOIN referral.code c USING (code)
         WHERE c.user_id = ANY(platform.all_accounts_of($1)) AND v.day >= ($2::timestamptz AT TIME ZONE 'UTC')::date GROUP BY v.day ORDER BY v.day`,
      [userId, since],
    );
  }

  /** How often the links of a person were opened since a time, by channel. */
  async countClicksByChannel(userId: string, since: Date): Promise<[channel: string, clicks: number][]> {
    const rows = await this.database.lookups.query<{ channel: string; clicks: number }>(
      `SELECT v.channel, sum(v.clicks)::integer AS clicks
         FROM referral.channel_click v JOIN referral.code c USING (code)
         WHERE c.user_id = ANY(platform.all_accounts_of($1)) AND v.day >= ($2::timestamptz AT TIME ZONE 'UTC')::date
         GROUP BY v.channel`,
      [userId, since],
    );
    return rows.map(({ channel, clicks }) => [channel, clicks]);
  }

  /** The codes of an account, as its owner may see them. */
  exportUser(userId: string): Promise<unknown[]> {
    return this.database.query(
      `SELECT code, created_at AS "createdAt", retired_at AS "retiredAt" FROM referral.code WHERE user_id = $1 ORDER BY created_at`,
      [userId],
    );
  }
}
