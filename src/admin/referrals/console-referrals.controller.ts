import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Me, OnlyFor } from '../../platform/http/access.js';
import { textOf, type Fields } from '../../platform/http/form-fields.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import type { Principal } from '../../platform/http/principal.js';
import { ConsoleDesk, reasonIn, sendPage } from '../console-desk.js';
import { referralListPage } from '../pages/referral-list-page.js';
import { referralPage } from '../pages/referral-page.js';
import { deedOf, ReferralDecisions, referralDeeds } from './referral-decisions.js';
import { ReferralModels } from './referral-models.js';

/** The console's pages about referrals: support looks, admins act. */
@ApiExcludeController()
@Controller('admin/referrals')
@OnlyFor('admin')
export class ConsoleReferralsController {
  constructor(
    private readonly models: ReferralModels,
    private readonly decisions: ReferralDecisions,
    private readonly desk: ConsoleDesk,
  ) {}

  @Get()
  @OnlyFor('admin', 'support')
  async list(@Me() me: Principal, @Query() query: Fields, @Res() reply: FastifyReply): Promise<void> {
    sendPage(reply, referralListPage(await this.models.list(me, query)));
  }

  @Get(':id')
  @OnlyFor('admin', 'support')
  async show(
    @Me() me: Principal,
    @Param('id', IdPipe) id: string,
    @Query() query: Fields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, referralPage(await this.models.one(me, id, { done: textOf(query, 'done') })));
  }

  @Post(referralDeeds.map((deed) => `:id/${deed}`))
  decide(
    @Me() me: Principal,
    @Param('id', IdPipe) referralId: string,
    @Body() fields: Fields,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const deed = deedOf(request);
    return this.desk.act({
      reply,
      to: `/admin/referrals/${referralId}?done=${deed}`,
      work: async () => {
        const reason = reasonIn(fields);
        await this.desk.inTransaction((tx) => this.decisions.decide(tx, me, { referralId, deed, reason }));
      },
      again: async (problem) => referralPage(await this.models.one(me, referralId, { problem })),
    });
  }
}
