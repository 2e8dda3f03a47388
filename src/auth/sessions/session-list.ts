import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { decodeCursor, toPage, type PageQuery, type Page } from '../../platform/http/page.dto.js';
import { idPattern } from '../../platform/ids.js';
import type { SessionDto } from './session.dto.js';

interface SessionRow {
  id: string;
  user_agent: string;
  created_at: Date;
  seen_at: Date;
  expires_at: Date;
}

/** Lists where a person is signed in. */
@Injectable()
export class SessionList {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The live sessions of `userId`, newest first. `currentId` is the session that asks, null for none of them. */
  async list(userId: string, currentId: string | null, query: PageQuery): Promise<Page<SessionDto>> {
    const before = decodeCursor(query.cursor, idPattern);
    const rows = await this.database.lookups.query<SessionRow>(
      `SELECT id, user_agent, created_at, seen_at, expires_at FROM auth.session
       WHERE user_id = $1 AND expires_at > $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
      [userId, this.clock.now(), before, query.limit + 1],
    );
    return toPage(
      rows,
      query.limit,
      (row) => row.id,
      (row) => toSessionDto(row, currentId),
    );
  }
}

function toSessionDto(row: SessionRow, currentId: string | null): SessionDto {
  return {
    id: row.id,
    userAgent: row.user_agent,
    createdAt: row.created_at,
    seenAt: row.seen_at,
    expiresAt: row.expires_at,
    current: row.id === currentId,
  };
}
