import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Me, SignedIn } from '../platform/http/access.js';
import { IdPipe } from '../platform/http/id.pipe.js';
import type { Principal } from '../platform/http/principal.js';
import { explain, Invites } from '../referral/index.js';
import { sendPage } from './html.js';
import { Myself } from './myself.js';
import { invitePage } from './pages/invite-page.js';
import { inviteModel } from './settings-parts.js';
import { Viewers } from './viewers.js';

/** One invite of somebody's own, explained. */
@ApiExcludeController()
@Controller('settings/invites')
@SignedIn()
export class InvitePageController {
  constructor(
    private readonly invites: Invites,
    private readonly myself: Myself,
    private readonly viewers: Viewers,
  ) {}

  @Get(':id')
  async show(
    @Me() me: Principal,
    @Param('id', IdPipe) id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const [invite, { user }] = await Promise.all([
      this.invites.one(me.userId, id),
      this.myself.person(me.userId),
    ]);
    const rules = explain(invite).rules.map((rule) => ({
      ...rule,
      at: rule.at === null ? null : new Date(rule.at),
    }));
    sendPage(
      reply,
      invitePage({ viewer: this.viewers.ofSignedIn(me), reader: user, invite: inviteModel(invite), rules }),
    );
  }
}
