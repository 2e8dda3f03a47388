import { Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { EventReplay } from '../../billing/index.js';
import { DomainError } from '../../platform/errors.js';
import { Me, OnlyFor } from '../../platform/http/access.js';
import { textOf, type Fields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/http/principal.js';
import { sendPage } from '../console-desk.js';
import { eventListPage } from '../pages/event-list-page.js';
import { eventPage } from '../pages/event-page.js';
import { EventModels } from './event-models.js';
import { StripeIdPipe } from './stripe-id.pipe.js';

/** The console's pages about what Stripe sent: support looks, admins replay. */
@ApiExcludeController()
@Controller('admin/events')
@OnlyFor('admin')
export class ConsoleEventsController {
  constructor(
    private readonly models: EventModels,
    private readonly events: EventReplay,
  ) {}

  @Get()
  @OnlyFor('admin', 'support')
  async list(@Me() me: Principal, @Query() query: Fields, @Res() reply: FastifyReply): Promise<void> {
    sendPage(reply, eventListPage(await this.models.list(me, query)));
  }

  @Get(':id')
  @OnlyFor('admin', 'support')
  async show(
    @Me() me: Principal,
    @Param('id', StripeIdPipe) id: string,
    @Query() query: Fields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, eventPage(await this.models.one(me, id, { replayed: textOf(query, 'replayed') })));
  }

  /** The outcome is shown on the event's page; that Stripe does not answer is told there, too. */
  @Post(':id/replay')
  async replay(
    @Me() me: Principal,
    @Param('id', StripeIdPipe) id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    try {
      const { outcome } = await this.events.replay(id, { kind: 'admin', id: me.userId });
      void reply.redirect(`/admin/events/${id}?replayed=${outcome}`, 303);
    } catch (error) {
      if (!(error instanceof DomainError) || error.status === 503) throw error;
      sendPage(reply, eventPage(await this.models.one(me, id, { problem: error.message })), error.status);
    }
  }
}
