import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EntryExplanationService } from '../../credit/index.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { requestLocale } from '../../platform/i18n/request-locale.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { CurrentUser, Authenticated } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { InviteExplanationService } from '../../referral/index.js';
import { noticeReader, PageContext } from '../page-context.js';
import { sendPage } from '../../platform/http/send-page.js';
import { creditPage, invitePage } from './explanation-pages.js';

/** One entry of a user's own credit, explained. */
@ApiExcludeController()
@Controller('settings/credit')
@Authenticated()
export class CreditPageController {
  constructor(
    private readonly explanations: EntryExplanationService,
    private readonly pageContext: PageContext,
  ) {}

  @Get(':id')
  async show(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const locale = requestLocale(request);
    const reader = { ...noticeReader(me), t: getTranslator(locale) };
    const explanation = await this.explanations.explain(me.userId, id, reader);
    const { covers, next, entry, steps, why } = explanation;
    const viewer = this.pageContext.signedInViewer(me);
    sendPage(
      reply,
      creditPage({ locale, viewer, readerSettings: me, reason: entry.reason, why, steps, covers, next }),
    );
  }
}

/** One invite of a person's own, explained. */
@ApiExcludeController()
@Controller('settings/invites')
@Authenticated()
export class InvitePageController {
  constructor(
    private readonly inviteExplanationService: InviteExplanationService,
    private readonly pageContext: PageContext,
  ) {}

  @Get(':id')
  async show(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const locale = requestLocale(request);
    const reader = { ...noticeReader(me), t: getTranslator(locale) };
    const explanation = await this.inviteExplanationService.explainInvite(me.userId, id, reader);
    const viewer = this.pageContext.signedInViewer(me);
    sendPage(
      reply,
      invitePage({
        ...{ locale, viewer, readerSettings: me },
        ...{ invite: explanation.invite, rules: explanation.rules },
      }),
    );
  }
}
