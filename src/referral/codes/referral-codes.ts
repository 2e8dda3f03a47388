import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { lateralLookup, RowLoader } from '../../platform/database/row-loader.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { violatesConstraint } from '../../platform/database/sqlstate.js';
import { DomainError } from '../../platform/errors.js';
import { Log } from '../../platform/observability/logging/log.js';
import { codeKey, normaliseCode } from './referral-code.js';

const codesByUser = lateralLookup(
  'uuid',
  `SELECT code FROM referral.code WHERE user_id = asked.key AND retired_at IS NULL`,
);

/** What a person typed (`$1` upper case, `$2` its key) is this code, as it is written or in another spelling. */
const isTyped = `(code = $1 OR referral.code_key(code) = $2 AND NOT is_ambiguous)`;

/** Makes a code; replaceable so that a test can force collisions. */
export abstract class CodeGenerator {
  abstract generate(): string;
}

const maxAttempts = 8;

/** Everybody's own code. */
@Injectable()
export class ReferralCodes {
  private readonly codeLoader = new RowLoader((userIds) => this.findCodes(this.database.lookups, userIds));

  constructor(
    private readonly generator: CodeGenerator,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly database: Database,
  ) {}

  /**
   * The code of `userId`, made when there is none.
   * Again, or at once: the first code stays. A code that already belongs to a user is replaced by another, 8 times.
   * Errors: `referral.codes_exhausted` after that; `referral.user_gone` when the user vanished meanwhile.
   */
  async assignIfMissing(tx: Tx, userId: string): Promise<string> {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const known = (await this.findCodes(tx, [userId])).get(userId);
      if (known !== undefined) return known;
      const code = this.generator.generate();
      if (await this.insertRandomCode(tx, userId, code)) {
        this.log.infoAfterCommit(tx, 'referral.code_assigned', { userId, code });
        return code;
      }
    }
    throw new DomainError('referral.codes_exhausted', {
      detail: `No free code in ${maxAttempts} tries: is the code source broken?`,
    });
  }

  /** The code of `userId`, made when there is none, in a transaction of its own. Errors: as {@link assignIfMissing}. */
  async findOrAssign(userId: string): Promise<string> {
    const known = await this.findCode(userId);
    return known ?? this.database.transaction((tx) => this.assignIfMissing(tx, userId));
  }

  /** The current code of a user, or null. */
  findCode(userId: string): Promise<string | null> {
    return this.codeLoader.load(userId);
  }

  private async findCodes(db: Queryable, userIds: string[]): Promise<Map<string, string>> {
    const rows = await db.query<{ askedFor: string; code: string }>(codesByUser, [JSON.stringify(userIds)]);
    return new Map(rows.map(({ askedFor, code }) => [askedFor, code]));
  }

  /**
   * Whose code `text` is: exactly as it was typed, else in any spelling of it, or else as one of eight letters that it could be
   * meant for. Null when no user has it, or does not work any more.
   */
  async findByText(db: Queryable, text: string): Promise<{ code: string; userId: string } | null> {
    const typed = upperCase(text);
    const rows = await db.query<{ code: string; user_id: string }>(
      `SELECT code, platform.current_account_of(user_id) AS user_id FROM (
         SELECT * FROM referral.code
         WHERE ${isTyped} OR (code = $3 AND kind = 'random')
         ORDER BY code = $1 DESC, referral.code_key(code) = $2 DESC LIMIT 1) AS meant
       WHERE blocked_at IS NULL AND (retired_at IS NULL OR works_until > $4)`,
      [typed, codeKey(typed), normaliseCode(text) ?? typed, this.clock.now()],
    );
    return rows[0] === undefined ? null : { code: rows[0].code, userId: rows[0].user_id };
  }

  /** The code that `text` is, in any spelling, also one that does not work any more, and whose it is. Null when no user had it. */
  async stored(
    db: Queryable,
    text: string,
  ): Promise<{ code: string; userId: string; isCurrent: boolean } | null> {
    const typed = upperCase(text);
    const rows = await db.query<{ code: string; userId: string; isCurrent: boolean }>(
      `SELECT code, user_id AS "userId", retired_at IS NULL AS "isCurrent" FROM referral.code
       WHERE ${isTyped} ORDER BY code = $1 DESC LIMIT 1`,
      [typed, codeKey(typed)],
    );
    return rows[0] ?? null;
  }

  /**
   * Gives `userId` a code, unless a person has, or gave up, one that is the same in another spelling; false then, and when
   * another request has given this user one. Errors: `code_belongs_to_a_user`.
   */
  async insert(
    tx: Tx,
    record: { code: string; kind: 'random' | 'vanity'; userId: string },
  ): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `INSERT INTO referral.code (code, kind, user_id, created_at)
       VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING code`,
      [record.code, record.kind, record.userId, this.clock.now()],
    );
    return rows.length === 1;
  }

  private async insertRandomCode(tx: Tx, userId: string, code: string): Promise<boolean> {
    try {
      return await this.insert(tx, { code, kind: 'random', userId });
    } catch (error) {
      if (violatesConstraint(error, 'code_belongs_to_a_user'))
        throw new DomainError('referral.user_gone', {
          detail: 'This account was deleted in the meantime.',
        });
      throw error;
    }
  }
}

function upperCase(text: string): string {
  return text.trim().toUpperCase().slice(0, 100);
}
