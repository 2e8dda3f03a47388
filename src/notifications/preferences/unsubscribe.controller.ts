import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Database } from '../../platform/database/database.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { requestLocale } from '../../platform/i18n/request-locale.js';
import { EmailPreferences, UnsubscribeLinks } from './email-preferences.js';
import { unsubscribePage, type UnsubscribePageModel } from './unsubscribe-page.js';
import { sendPage } from '../../platform/http/send-page.js';

/**
 * Stops one kind of email, without signing in. Looking changes nothing, since mail readers follow
 * links by themselves; a mail reader's own button posts here, too (RFC 8058).
 */
@ApiExcludeController()
@Controller('unsubscribe')
export class UnsubscribeController {
  constructor(
    private readonly links: UnsubscribeLinks,
    private readonly preferences: EmailPreferences,
    private readonly database: Database,
  ) {}

  @Get(':token')
  async show(
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const link = this.links.parseToken(token);
    if (link === null) return this.sendUnsubscribePage(request, reply, { state: 'unknown' });
    const isWanted = (await this.preferences.findWanted(link.userId)).includes(link.kind);
    this.sendUnsubscribePage(request, reply, {
      state: isWanted ? 'asked' : 'stopped',
      token,
      kind: link.kind,
    });
  }

  @Post(':token')
  async unsubscribe(
    @Param('token') token: string,
    @Body() fields: FormFields | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const link = this.links.parseToken(token);
    if (link === null) return this.sendUnsubscribePage(request, reply, { state: 'unknown' });
    const isWanted = textField(fields ?? {}, 'again') === 'yes';
    await this.database.transaction((tx) => this.preferences.setOne(tx, link.userId, link.kind, isWanted));
    this.sendUnsubscribePage(request, reply, {
      state: isWanted ? 'undone' : 'stopped',
      token,
      kind: link.kind,
    });
  }

  private sendUnsubscribePage(
    request: FastifyRequest,
    reply: FastifyReply,
    model: UnsubscribePageModel,
  ): void {
    const page = unsubscribePage(model, requestLocale(request));
    sendPage(reply, page, model.state === 'unknown' ? 404 : 200);
  }
}
