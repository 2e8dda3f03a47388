import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { enqueueWrite } from '../../platform/database/tx.js';
import { emailSearchTerm } from '../../platform/email-address.js';
import { decodeCursor, toPage, type Page } from '../../platform/http/page.dto.js';
import { idPattern } from '../../platform/ids.js';
import type { UserQuery } from '../admin.dto.js';
import type { AdminUserDto } from './user.dto.js';

interface Row {
  id: string;
  email: string | null;
  display_name: string | null;
  role: AdminUserDto['role'];
  tier: AdminUserDto['tier'];
  credit_until: Date | null;
  created_at: Date;
}

const columns = `id, email, display_name, role, created_at, credit_until,
  CASE WHEN tier_expires_at <= $1 THEN 'free' ELSE tier END AS tier`;

/** As many as are read in two milliseconds. */
const newestUsers = 2_000;

const selectUsersSql = (users: string): string =>
  `SELECT * FROM (SELECT ${columns} FROM ${users}) u WHERE $3::text IS NULL OR tier = $3 ORDER BY created_at DESC, id DESC LIMIT $4`;
/** By when people joined: an import brings people who joined before others that have lower ids. */
const beforeCursorSql = `($2::uuid IS NULL OR (created_at, id) < (SELECT created_at, id FROM admin.user_search WHERE id = $2))`;
const matchesQuerySql = `(email ILIKE $5 OR display_name ILIKE $6)`;

const allUsersSql = selectUsersSql(`admin.user_row WHERE ${beforeCursorSql}`);
const searchNewestSql = `WITH newest AS MATERIALIZED (
    SELECT id, email, display_name FROM admin.user_search WHERE ${beforeCursorSql} ORDER BY created_at DESC, id DESC LIMIT ${newestUsers}
  ), found AS MATERIALIZED (SELECT id FROM newest WHERE ${matchesQuerySql})
  ${selectUsersSql('found JOIN admin.user_row USING (id)')}`;
const searchAllSql = `WITH found AS MATERIALIZED (SELECT id FROM admin.user_search WHERE ${beforeCursorSql} AND ${matchesQuerySql})
  ${selectUsersSql('found JOIN admin.user_row USING (id)')}`;

/** Lists users for staff. */
@Injectable()
export class AdminUsersRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Users whose address or name holds `query`, newest first. */
  async list({ query, tier, cursor, limit }: UserQuery): Promise<Page<AdminUserDto>> {
    const parts = query ? likePatterns(query) : null;
    const asked = [this.clock.now(), decodeCursor(cursor, idPattern), tier ?? null, limit + 1];
    const rows =
      parts === null ? await this.database.query<Row>(allUsersSql, asked) : await this.search(parts, asked);
    return toPage(rows, limit, (row) => row.id, toAdminUserDto);
  }

  /**
   * What many addresses hold ("gmail") is found among the newest users at once; the index of
   * trigrams would count millions. What few hold only the index finds. PostgreSQL cannot know which
   * it is, and guesses from the length.
   */
  private async search(patterns: string[], asked: unknown[]): Promise<Row[]> {
    const newest = await this.database.query<Row>(searchNewestSql, [...asked, ...patterns]);
    if (newest.length === asked[3]) return newest;
    return this.database.transaction(async (tx) => {
      enqueueWrite(
        tx,
        `SELECT set_config('enable_seqscan', 'off', true), set_config('plan_cache_mode', $1, true)`,
        ['force_custom_plan'],
      );
      return tx.query(searchAllSql, [...asked, ...patterns]);
    });
  }

  /** One user, or null; also one who was erased. */
  async findById(id: string): Promise<AdminUserDto | null> {
    const rows = await this.database.query<Row>(`SELECT ${columns} FROM admin.user_row WHERE id = $2`, [
      this.clock.now(),
      id,
    ]);
    return rows[0] === undefined ? null : toAdminUserDto(rows[0]);
  }
}

/** What an address holds, in the spelling that is stored, and what a name holds. */
function likePatterns(query: string): string[] {
  const text = query.trim().normalize('NFC');
  return [emailSearchTerm(text), text].map((part) => `%${part.replaceAll(/[\\%_]/g, '\\$&')}%`);
}

function toAdminUserDto(row: Row): AdminUserDto {
  return {
    id: row.id,
    email: row.email,
    displayName: row.display_name,
    role: row.role,
    tier: row.tier,
    creditUntil: row.credit_until,
    createdAt: row.created_at,
  };
}
