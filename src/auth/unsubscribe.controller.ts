import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Database } from '../platform/database/database.js';
import { textOf, type Fields } from '../platform/http/form-fields.js';
import { localeOf } from '../platform/locale/request-locale.js';
import { LetterChoices } from './letters/letter-choices.js';
import { UnsubscribeLinks } from './letters/unsubscribe-links.js';
import { unsubscribePage, type UnsubscribeModel } from './pages/unsubscribe-page.js';

/**
 * Stops one kind of letter, without signing in. Looking changes nothing, since mail readers follow links by themselves; a
 * mail reader's own button posts here, too (RFC 8058).
 */
@ApiExcludeController()
@Controller('unsubscribe')
export class UnsubscribeController {
  constructor(
    private readonly links: UnsubscribeLinks,
    private readonly choices: LetterChoices,
    private readonly database: Database,
  ) {}

  @Get(':token')
  async show(
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const link = this.links.read(token);
    if (link === null) return this.answer(request, reply, { state: 'unknown' });
    const isWanted = (await this.choices.wanted(link.userId)).includes(link.kind);
    this.answer(request, reply, { state: isWanted ? 'asked' : 'stopped', token, kind: link.kind });
  }

  @Post(':token')
  async stop(
    @Param('token') token: string,
    @Body() fields: Fields | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const link = this.links.read(token);
    if (link === null) return this.answer(request, reply, { state: 'unknown' });
    const isWanted = textOf(fields ?? {}, 'again') === 'yes';
    await this.database.transaction((tx) => this.choices.want(tx, link.userId, link.kind, isWanted));
    this.answer(request, reply, { state: isWanted ? 'undone' : 'stopped', token, kind: link.kind });
  }

  private answer(request: FastifyRequest, reply: FastifyReply, model: UnsubscribeModel): void {
    const page = unsubscribePage(model, localeOf(request));
    void reply
      .status(model.state === 'unknown' ? 404 : 200)
      .type('text/html; charset=utf-8')
      .send(page);
  }
}
