import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/errors.js';
import type { EventFeedDto, EventFeedQuery } from './event.dto.js';
import type { EventType } from './event-types.js';
import { PublicPeople } from './public-people.js';

/** An event; `id` is null in the one row that says that no event follows. */
interface EventRow {
  id: string | null;
  type: EventType;
  at: Date;
  data: unknown;
  newestId: string;
}

/** Events in the order in which their transactions committed. */
@Injectable()
export class EventFeed {
  constructor(
    private readonly database: Database,
    private readonly people: PublicPeople,
  ) {}

  /**
   * The events after one, or from the oldest that is stored. Nothing can be added later before one
   * that was answered. Errors: `webhooks.event_gone` where `after` is not stored.
   */
  async list(query: EventFeedQuery): Promise<EventFeedDto> {
    const rows = await this.read(query);
    if (rows.length === 0 && query.after !== undefined) throw new DomainError('webhooks.event_gone');
    const found = rows.filter((row) => row.id !== null);
    const hasMore = found.length > query.limit;
    const shown = found.slice(0, query.limit);
    const data = (await this.people.addExternalIds(shown.map((row) => row.data))) as unknown[];
    const items = shown.map(({ id, type, at }, index) => ({
      ...{ id: id ?? '', type, timestamp: at, data: data[index] },
    }));
    const lastId = hasMore ? items.at(-1)?.id : rows[0]?.newestId;
    return { items, hasMore, lastId: lastId ?? null };
  }

  /**
   * One statement, so that no event is deleted between the look for `after` and what follows it. No
   * row where `after` is not stored. One statement for each of both cases: no plan fits both.
   */
  private read({ after, limit, type }: EventFeedQuery): Promise<EventRow[]> {
    if (type === undefined)
      return this.database.query<EventRow>(
        `SELECT e.id, e.type, e.at, e.data, ${newestId}
         FROM (${start}) start LEFT JOIN LATERAL (
           SELECT * FROM webhooks.event WHERE position > start.position ORDER BY position LIMIT $2) e ON true
         ORDER BY e.position`,
        [after ?? null, limit + 1],
      );
    return this.database.query<EventRow>(
      `SELECT e.id, e.type, e.at, e.data, ${newestId}
       FROM (${start}) start LEFT JOIN LATERAL (
         SELECT * FROM webhooks.event WHERE position > start.position AND type = $3
         ORDER BY position LIMIT $2) e ON true
       ORDER BY e.position`,
      [after ?? null, limit + 1, type],
    );
  }
}

const newestId = `(SELECT id FROM webhooks.event ORDER BY position DESC LIMIT 1) AS "newestId"`;
const start = `SELECT position FROM webhooks.event WHERE id = $1 UNION ALL SELECT 0 WHERE $1::text IS NULL`;
