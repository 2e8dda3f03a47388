import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AccountMerges } from '../../life/index.js';
import { Me, OnlyFor } from '../../platform/http/access.js';
import { textOf, type Fields } from '../../platform/http/form-fields.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import type { Principal } from '../../platform/http/principal.js';
import { ConsoleDesk, reasonIn, sendPage } from '../console-desk.js';
import { MergeModels } from './merge-models.js';
import { mergePage } from './pages/merge-page.js';

/** The console's page of merges: first it shows what a merge would do, then it does that. Support looks, admins act. */
@ApiExcludeController()
@Controller('admin/merges')
@OnlyFor('admin')
export class ConsoleMergesController {
  constructor(
    private readonly models: MergeModels,
    private readonly merges: AccountMerges,
    private readonly desk: ConsoleDesk,
  ) {}

  @Get()
  @OnlyFor('admin', 'support')
  async show(@Me() me: Principal, @Query() query: Fields, @Res() reply: FastifyReply): Promise<void> {
    sendPage(reply, mergePage(await this.models.page(me, query)));
  }

  @Post()
  merge(@Me() me: Principal, @Body() fields: Fields, @Res() reply: FastifyReply): Promise<void> {
    return this.act(me, fields, reply, 'merged', async () => {
      const of = {
        fromUserId: (await this.models.account(me, textOf(fields, 'from'))).id,
        intoUserId: (await this.models.account(me, textOf(fields, 'into'))).id,
      };
      const decision = decisionOf(me, fields);
      await this.desk.once(me, fields, (tx) => this.merges.merge(tx, of, decision));
    });
  }

  @Post(':id/undo')
  undo(
    @Me() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() fields: Fields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.act(me, fields, reply, 'undone', async () => {
      const decision = decisionOf(me, fields);
      await this.desk.inTransaction((tx) => this.merges.undo(tx, id, decision));
    });
  }

  private act(
    me: Principal,
    fields: Fields,
    reply: FastifyReply,
    done: string,
    work: () => Promise<void>,
  ): Promise<void> {
    return this.desk.act({
      reply,
      to: `/admin/merges?done=${done}`,
      work,
      again: async (problem) => mergePage(await this.models.page(me, fields, problem)),
    });
  }
}

function decisionOf(me: Principal, fields: Fields) {
  return { reason: reasonIn(fields), actor: { kind: 'admin' as const, id: me.userId } };
}
