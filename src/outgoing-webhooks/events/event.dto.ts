import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { eventTypes, type EventType } from './event-types.js';

/** Which events to read. */
export class EventFeedQuery {
  /** The id of the last event that you have; without it, the feed begins with the oldest. */
  @IsOptional()
  @Matches(/^evt_[0-9a-f]{32}$/, { message: 'after is the id of an event' })
  after?: string;

  /** How many events, 1 to 100. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  @ApiPropertyOptional({ type: 'integer' })
  limit: number = 25;

  /** Only events of this type. */
  @IsOptional()
  @IsIn(eventTypes)
  @ApiPropertyOptional({ enum: eventTypes })
  type?: EventType;
}

/** Something that happened. Webhooks have the same `type`, `timestamp` and `data`. */
export class EventDto {
  /**
   * The `webhook-id` of the webhooks about it.
   * @example evt_9f86d081884c7d659a2feaa0c55ad015
   */
  id: string;

  @ApiProperty({ enum: eventTypes })
  type: EventType;

  timestamp: Date;

  /** What it is about: docs/outgoing-webhooks.md lists the fields of each type. */
  @ApiProperty({ type: Object, additionalProperties: true })
  data: unknown;
}

/** Events, oldest first. */
export class EventFeedDto {
  items: EventDto[];

  /** Whether more are there already. */
  hasMore: boolean;

  /**
   * Send it as `after` next time: the id up to which the feed was read, also over events of other
   * types. Null while the feed is empty.
   */
  lastId: string | null;
}
