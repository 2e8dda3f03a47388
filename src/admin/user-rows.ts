import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { keyOfCursor, pageOf, type Page } from '../platform/http/list.dto.js';
import { idPattern } from '../platform/ids.js';
import type { UserQuery } from './admin.dto.js';

/** A user in the console's list. Times are ISO 8601; `email` is null once erased. */
export interface UserRow {
  id: string;
  email: string | null;
  displayName: string | null;
  role: 'user' | 'support' | 'admin';
  tier: 'free' | 'paid';
  creditUntil: string | null;
  createdAt: string;
}

interface Row {
  id: string;
  email: string | null;
  display_name: string | null;
  role: UserRow['role'];
  tier: UserRow['tier'];
  credit_until: Date | null;
  created_at: Date;
}

const columns = `id, email, display_name, role, created_at, credit_until,
  CASE WHEN tier_expires_at <= $1 THEN 'free' ELSE tier END AS tier`;

/** Lists users for staff. */
@Injectable()
export class UserRows {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Users whose address or name holds `query`, newest first. */
  async page({ query, tier, cursor, limit }: UserQuery): Promise<Page<UserRow>> {
    const before = keyOfCursor(cursor, idPattern);
    const part = query ? `%${query.replaceAll(/[\\%_]/g, '\\$&')}%` : '%';
    const holds = query ? 'email ILIKE $3 OR display_name ILIKE $3' : '$3::text IS NOT NULL';
    const rows = await this.database.query<Row>(
      `SELECT * FROM (SELECT ${columns} FROM admin.user_row) u
       WHERE (${holds}) AND ($2::uuid IS NULL OR id < $2) AND ($4::text IS NULL OR tier = $4)
       ORDER BY id DESC LIMIT $5`,
      [this.clock.now(), before, part, tier ?? null, limit + 1],
    );
    return pageOf(rows, limit, (row) => row.id, shown);
  }

  /** One user, or null; also one who was erased. */
  async one(id: string): Promise<UserRow | null> {
    const rows = await this.database.query<Row>(`SELECT ${columns} FROM admin.user_row WHERE id = $2`, [
      this.clock.now(),
      id,
    ]);
    return rows[0] === undefined ? null : shown(rows[0]);
  }
}

function shown(row: Row): UserRow {
  return {
    id: row.id,
    email: row.email,
    displayName: row.display_name,
    role: row.role,
    tier: row.tier,
    creditUntil: row.credit_until?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
  };
}
