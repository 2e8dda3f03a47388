import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Me, SignedIn } from '../platform/http/access.js';
import { IdPipe } from '../platform/http/id.pipe.js';
import type { Principal } from '../platform/http/principal.js';
import { localeOf } from '../platform/locale/request-locale.js';
import { wordsIn } from '../platform/locale/words.js';
import { Explanations } from '../referral/index.js';
import { sendPage } from './html.js';
import { Myself } from './myself.js';
import { invitePage } from './pages/invite-page.js';
import { inviteModel, momentOf } from './settings-parts.js';
import { Viewers } from './viewers.js';

/** One invite of somebody's own, explained. */
@ApiExcludeController()
@Controller('settings/invites')
@SignedIn()
export class InvitePageController {
  constructor(
    private readonly explanations: Explanations,
    private readonly myself: Myself,
    private readonly viewers: Viewers,
  ) {}

  @Get(':id')
  async show(
    @Me() me: Principal,
    @Param('id', IdPipe) id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const locale = localeOf(request);
    const [explanation, { user }] = await Promise.all([
      this.explanations.ofInvite(me.userId, id, wordsIn(locale)),
      this.myself.person(me.userId),
    ]);
    const rules = explanation.rules.map((rule) => ({
      ...rule,
      at: momentOf(rule.at),
      by: momentOf(rule.by),
    }));
    const viewer = this.viewers.ofSignedIn(me);
    sendPage(
      reply,
      invitePage({ locale, viewer, reader: user, invite: inviteModel(explanation.invite), rules }),
    );
  }
}
