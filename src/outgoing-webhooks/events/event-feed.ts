import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/errors.js';
import type { EventFeedDto, EventFeedQuery } from './event.dto.js';
import type { EventType } from './event-types.js';
import { PublicPeople } from './public-people.js';

interface EventRow {
  id: string;
  type: EventType;
  at: Date;
  data: unknown;
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
  async list({ after, limit, type }: EventFeedQuery): Promise<EventFeedDto> {
    const position = after === undefined ? '0' : await this.positionOf(after);
    const rows = await this.database.query<EventRow>(
      `SELECT id, type, at, data FROM webhooks.event
       WHERE position > $1 AND ($2::text IS NULL OR type = $2) ORDER BY position LIMIT $3`,
      [position, type ?? null, limit + 1],
    );
    const shown = rows.slice(0, limit);
    const data = (await this.people.addExternalIds(shown.map((row) => row.data))) as unknown[];
    return {
      items: shown.map(({ id, type: own, at }, index) => ({
        id,
        type: own,
        timestamp: at,
        data: data[index],
      })),
      hasMore: rows.length > limit,
    };
  }

  private async positionOf(id: string): Promise<string> {
    const [event] = await this.database.query<{ position: string }>(
      `SELECT position FROM webhooks.event WHERE id = $1`,
      [id],
    );
    if (event === undefined) throw new DomainError('webhooks.event_gone');
    return event.position;
  }
}
