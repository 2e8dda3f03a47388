import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Me, OnlyFor } from '../../platform/http/access.js';
import type { Fields } from '../../platform/http/form-fields.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import type { Principal } from '../../platform/http/principal.js';
import { invalid } from '../../platform/http/validation.js';
import { ConsoleDesk, reasonIn, sendPage, wholeNumberIn } from '../console-desk.js';
import { refundPage } from '../pages/refund-page.js';
import { RefundCredits } from './refund-credits.js';
import { RefundModels } from './refund-models.js';

/** The console's page that gives days for money: first it shows them, then it gives what it has shown. */
@ApiExcludeController()
@Controller('admin/users/:id/refund-as-credit')
@OnlyFor('admin')
export class ConsoleRefundsController {
  constructor(
    private readonly models: RefundModels,
    private readonly refunds: RefundCredits,
    private readonly desk: ConsoleDesk,
  ) {}

  @Get()
  @OnlyFor('admin', 'support')
  async show(
    @Me() me: Principal,
    @Param('id', IdPipe) userId: string,
    @Query() query: Fields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, refundPage(await this.models.of(me, userId, query)));
  }

  @Post()
  give(
    @Me() me: Principal,
    @Param('id', IdPipe) userId: string,
    @Body() fields: Fields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.desk.act({
      reply,
      to: `/admin/users/${userId}?done=refunded`,
      work: async () => {
        const days = wholeNumberIn(fields, 'days', 3650);
        if (days === null) throw invalid([{ path: 'days', message: 'Look at the days first.' }]);
        const reason = reasonIn(fields);
        await this.desk.once(me, fields, async (tx) => {
          const refund = await this.models.refundIn(tx, userId, fields);
          await this.refunds.give(tx, me, { ...refund, days, reason });
        });
      },
      again: async (problem) => refundPage(await this.models.of(me, userId, fields, problem)),
    });
  }
}
