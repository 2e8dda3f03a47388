import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EntryExplanations } from '../credit/index.js';
import { Me, SignedIn } from '../platform/http/access.js';
import { IdPipe } from '../platform/http/id.pipe.js';
import type { Principal } from '../platform/http/principal.js';
import { localeOf } from '../platform/locale/request-locale.js';
import { wordsIn } from '../platform/locale/words.js';
import { sendPage } from './html.js';
import { Myself } from './myself.js';
import { creditPage } from './pages/credit-page.js';
import { Viewers } from './viewers.js';

/** One line of somebody's own credit, explained. */
@ApiExcludeController()
@Controller('settings/credit')
@SignedIn()
export class CreditPageController {
  constructor(
    private readonly explanations: EntryExplanations,
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
      this.explanations.of(me.userId, id, wordsIn(locale)),
      this.myself.person(me.userId),
    ]);
    const { covers, next, entry } = explanation;
    const steps = explanation.steps.map((step) => ({ ...step, at: new Date(step.at) }));
    const viewer = this.viewers.ofSignedIn(me);
    sendPage(reply, creditPage({ locale, viewer, reader: user, reason: entry.reason, steps, covers, next }));
  }
}
