import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { enqueueWrite, type Queryable } from '../../platform/database/tx.js';
import { emailSearchTerm } from '../../platform/email-address.js';
import { idPattern } from '../../platform/ids.js';
import {
  countList,
  daysSql,
  listConditions,
  planned,
  readPages,
  readList,
  toListRows,
  type ListPositionColumns,
  type ListReading,
  type ListRows,
  type ListSql,
} from '../../platform/lists/keyset-list.js';
import type { ListDefinition, ListRequest } from '../../platform/lists/list-request.js';
import type { ListSource } from '../lists/list-view.js';
import type { AdminUserDto } from './user.dto.js';

/** What the list of users can be asked. `query` is a part of an address or a name. */
const userList = {
  filters: [
    { name: 'query', kind: 'text', maxLength: 200 },
    { name: 'tier', kind: 'choice', values: ['free', 'paid'] },
    { name: 'credit', kind: 'choice', values: ['yes', 'no'] },
    { name: 'from', kind: 'day' },
    { name: 'until', kind: 'day' },
  ],
  sorts: [{ name: 'joined' }, { name: 'credit', needs: { filter: 'credit', value: 'yes' } }],
} as const satisfies ListDefinition;

interface Row {
  id: string;
  email: string | null;
  display_name: string | null;
  role: AdminUserDto['role'];
  tier: AdminUserDto['tier'];
  tier_expires_at: Date | null;
  credit_until: Date | null;
  created_at: Date;
}

const isPaidSql = `(tier = 'paid' AND (tier_expires_at IS NULL OR tier_expires_at > $now))`;
const userListSql: ListSql = {
  columns: 'id, email, display_name, role, tier, tier_expires_at, credit_until, credit_user_id, created_at',
  rows: 'admin.user_row',
  counted: 'admin.user_row',
  filters: {
    tier: { paid: isPaidSql, free: `NOT ${isPaidSql}` },
    credit: { yes: 'credit_until > $now', no: '(credit_until IS NULL OR credit_until <= $now)' },
    ...daysSql('created_at'),
  },
  sorts: {
    joined: { at: 'created_at', id: 'id' },
    credit: { at: 'credit_until', id: 'credit_user_id' },
  },
  idPattern,
};

/** As many as are read in ten milliseconds. */
const searchedFirst = 2_000;

/** So many ids of a search are kept for a file: a megabyte. */
const mostIds = 10_000;

/** Lists users for staff. */
@Injectable()
export class AdminUsersRepository implements ListSource<AdminUserDto> {
  readonly name = 'users';
  readonly definition = userList;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** One page of users, as {@link userList} can be asked. Errors: `request.invalid`. */
  async list(request: ListRequest, limit: number): Promise<ListRows<AdminUserDto>> {
    const now = this.clock.now();
    const reading = { request, limit, now };
    const { query } = request.filters;
    const page =
      query === undefined
        ? await readList<Row>(this.database, userListSql, reading)
        : await this.search(likePatterns(query), reading);
    return { ...page, rows: page.rows.map((row) => toAdminUserDto(row, now)) };
  }

  /**
   * How many users the filters leave, up to `max`; null for a search, which would find them all.
   */
  async count(request: ListRequest, max: number): Promise<number | null> {
    if (request.filters['query'] !== undefined) return null;
    return countList(this.database, userListSql, { request, now: this.clock.now() }, max);
  }

  /**
   * What many addresses hold ("gmail") is found among the first of the list at once; the index of
   * trigrams would count millions. What few hold only the index finds. PostgreSQL cannot know which
   * it is, and guesses from the length.
   */
  private async search(patterns: string[], reading: ListReading): Promise<ListRows<Row>> {
    const { columns, rows } = userListSql;
    const { where, order, position, parameters } = listConditions(userListSql, reading);
    const [email, name] = patterns.map((pattern) => `$${parameters.push(pattern)}`);
    const matches = `(email ILIKE ${email} OR display_name ILIKE ${name})`;
    const limit = `LIMIT ${reading.limit + 1}`;
    const select = (from: string) => `SELECT ${columns}, ${position} FROM ${from}`;
    return planned(this.database, async (tx) => {
      const first: (Row & ListPositionColumns & { searched: number })[] = await tx.query(
        `WITH first AS MATERIALIZED (${select(rows)} ${where} ${order} LIMIT ${searchedFirst})
         SELECT found.*, searched FROM (SELECT count(*)::integer AS searched FROM first) all_first
         LEFT JOIN LATERAL (SELECT * FROM first WHERE ${matches} ${order} ${limit}) found ON true ${order}`,
        parameters,
      );
      const found = first.filter(({ id }) => id !== null);
      if (found.length > reading.limit || (first[0]?.searched ?? 0) < searchedFirst)
        return toListRows<Row>(found, reading);
      enqueueWrite(tx, `SELECT set_config('enable_seqscan', 'off', true)`, []);
      const all: (Row & ListPositionColumns)[] = await tx.query(
        `WITH found AS MATERIALIZED (SELECT id FROM admin.user_search WHERE ${matches})
         ${select(`found JOIN ${rows} USING (id)`)} ${where} ${order} ${limit}`,
        parameters,
      );
      return toListRows<Row>(all, reading);
    });
  }

  /**
   * All users that a request asks for. What few hold is found once by the index of trigrams, and
   * read by id; for what many hold the list is read once from end to end. So a file takes no more
   * than in proportion to the people, also where most of them are found.
   */
  async *readAll(request: ListRequest, rowsPerBatch: number): AsyncGenerator<AdminUserDto[]> {
    const { query } = request.filters;
    const patterns = query === undefined ? null : likePatterns(query);
    const ids = patterns === null ? null : await this.findFew(patterns);
    yield* readPages(async (page) => {
      const reading = { request: page, limit: rowsPerBatch, now: this.clock.now() };
      const found = await this.readBatch(reading, { patterns, ids });
      return { ...found, rows: found.rows.map((row) => toAdminUserDto(row, reading.now)) };
    }, request);
  }

  /** The ids of all whom a search finds; null where they are many. */
  private async findFew(patterns: string[]): Promise<string[] | null> {
    const rows = await planned(this.database, (tx) => {
      enqueueWrite(tx, `SELECT set_config('enable_seqscan', 'off', true)`, []);
      return tx.query<{ id: string }[]>(
        `SELECT id FROM admin.user_search WHERE email ILIKE $1 OR display_name ILIKE $2 LIMIT ${mostIds + 1}`,
        patterns,
      );
    });
    return rows.length > mostIds ? null : rows.map(({ id }) => id);
  }

  /** The next rows of the list, of which only those that a search finds are answered. */
  private async readBatch(
    reading: ListReading,
    { patterns, ids }: { patterns: string[] | null; ids: string[] | null },
  ): Promise<ListRows<Row>> {
    const { columns, rows } = userListSql;
    const { where, order, position, parameters } = listConditions(userListSql, reading);
    const add = (value: unknown) => `$${parameters.push(value)}`;
    const conditions = ids === null ? where : andWhere(where, `id = ANY(${add(ids)}::uuid[])`);
    const matches =
      patterns === null
        ? 'true'
        : `(email ILIKE ${add(patterns[0])} OR display_name ILIKE ${add(patterns[1])})`;
    const read: (Row & ListPositionColumns & { is_found: boolean })[] = await planned(this.database, (tx) =>
      tx.query(
        `SELECT ${columns}, ${position}, coalesce(${matches}, false) AS is_found
         FROM ${rows} ${conditions} ${order} LIMIT ${reading.limit + 1}`,
        parameters,
      ),
    );
    const page = toListRows<Row & { is_found: boolean }>(read, reading);
    return { ...page, rows: page.rows.filter(({ is_found }) => is_found) };
  }

  /** One user, or null; also one who was erased. */
  async findById(id: string, db: Queryable = this.database): Promise<AdminUserDto | null> {
    const rows = await db.query<Row>(`SELECT ${userListSql.columns} FROM ${userListSql.rows} WHERE id = $1`, [
      id,
    ]);
    return rows[0] === undefined ? null : toAdminUserDto(rows[0], this.clock.now());
  }
}

function andWhere(where: string, condition: string): string {
  return where === '' ? `WHERE ${condition}` : `${where} AND ${condition}`;
}

/** What an address holds, in the spelling that is stored, and what a name holds. */
function likePatterns(query: string): string[] {
  const text = query.trim().normalize('NFC');
  return [emailSearchTerm(text), text].map((part) => `%${part.replaceAll(/[\\%_]/g, '\\$&')}%`);
}

function toAdminUserDto(row: Row, now: Date): AdminUserDto {
  const isOver = row.tier_expires_at !== null && row.tier_expires_at <= now;
  return {
    id: row.id,
    email: row.email,
    displayName: row.display_name,
    role: row.role,
    tier: isOver ? 'free' : row.tier,
    creditUntil: row.credit_until,
    createdAt: row.created_at,
  };
}
