import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { Scopes } from '../../platform/security/auth.decorators.js';
import { EventFeed } from './event-feed.js';
import { EventFeedDto, EventFeedQuery } from './event.dto.js';

@ApiTags('events')
@Controller('api/v1/events')
@Scopes('events:read')
export class EventsController {
  constructor(private readonly feed: EventFeed) {}

  /**
   * What happened, oldest first and without gaps. Send `lastId` as `after` to go on.
   */
  @Get()
  @Problems('webhooks.event_gone')
  listEvents(@Query() query: EventFeedQuery): Promise<EventFeedDto> {
    return this.feed.list(query);
  }
}
