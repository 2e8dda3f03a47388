import { Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { EventReplay } from '../../billing/index.js';
import { DomainError, errorText } from '../../platform/errors.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { adminActor, type Principal } from '../../platform/security/principal.js';
import { sendPage } from '../../platform/http/send-page.js';
import { stripeEventListPage } from './pages/stripe-event-list-page.js';
import { stripeEventPage } from './pages/stripe-event-page.js';
import { StripeEventPageLoader } from './stripe-event-page-loader.js';
import { StripeIdPipe } from './stripe-events.controller.js';

/** The console's pages about what Stripe sent: support looks, admins replay. */
@ApiExcludeController()
@Controller('admin/events')
@Roles('admin')
export class StripeEventPagesController {
  constructor(
    private readonly pages: StripeEventPageLoader,
    private readonly events: EventReplay,
  ) {}

  @Get()
  @Roles('admin', 'support')
  async list(
    @CurrentUser() me: Principal,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, stripeEventListPage(await this.pages.listPage(me, query)));
  }

  @Get(':id')
  @Roles('admin', 'support')
  async show(
    @CurrentUser() me: Principal,
    @Param('id', StripeIdPipe) id: string,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(
      reply,
      stripeEventPage(await this.pages.eventPage(me, id, { replayed: textField(query, 'replayed') })),
    );
  }

  /**
   * The outcome is shown on the event's page; that Stripe does not answer is reported there, too.
   */
  @Post(':id/replay')
  async replay(
    @CurrentUser() me: Principal,
    @Param('id', StripeIdPipe) id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    try {
      const { outcome } = await this.events.replay(id, adminActor(me));
      void reply.redirect(`/admin/events/${encodeURIComponent(id)}?replayed=${outcome}`, 303);
    } catch (error) {
      if (!(error instanceof DomainError) || error.status === 503) throw error;
      sendPage(
        reply,
        stripeEventPage(
          await this.pages.eventPage(me, id, { problem: errorText(getTranslator(me.locale), error) }),
        ),
        error.status,
      );
    }
  }
}
