import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AuthService } from '../auth/index.js';
import { Me, OnlyFor } from '../platform/http/access.js';
import { IdPipe } from '../platform/http/id.pipe.js';
import type { Principal } from '../platform/http/principal.js';
import { textOf, type Fields } from '../platform/http/form-fields.js';
import { invalid } from '../platform/http/validation.js';
import { ConsoleDesk, reasonIn, sendPage, wholeNumberIn } from './console-desk.js';
import { ConsoleModels } from './console-models.js';
import { CreditDecisions } from './credit-decisions.js';
import { userPage } from './pages/user-page.js';
import { usersPage } from './pages/users-page.js';

/** The console's pages about users: support looks, admins act. */
@ApiExcludeController()
@Controller('admin/users')
@OnlyFor('admin')
export class ConsoleController {
  constructor(
    private readonly models: ConsoleModels,
    private readonly decisions: CreditDecisions,
    private readonly auth: AuthService,
    private readonly desk: ConsoleDesk,
  ) {}

  @Get()
  @OnlyFor('admin', 'support')
  async list(@Me() me: Principal, @Query() query: Fields, @Res() reply: FastifyReply): Promise<void> {
    sendPage(reply, usersPage(await this.models.list(me, query)));
  }

  @Get(':id')
  @OnlyFor('admin', 'support')
  async show(
    @Me() me: Principal,
    @Param('id', IdPipe) id: string,
    @Query('done') done: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, userPage(await this.models.one(me, id, { done })));
  }

  @Post(':id/credit')
  grant(
    @Me() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() fields: Fields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.act(me, id, reply, 'granted', async () => {
      const days = wholeNumberIn(fields, 'days', 3650);
      if (days === null) throw invalid([{ path: 'days', message: 'days is a whole number from 1 to 3650' }]);
      const reason = reasonIn(fields);
      await this.desk.once(me, fields, (tx) => this.decisions.grant(tx, me, { userId: id, days, reason }));
    });
  }

  @Post(':id/credit/:entryId/revoke')
  revoke(
    @Me() me: Principal,
    @Param('id', IdPipe) id: string,
    @Param('entryId', IdPipe) entryId: string,
    @Body() fields: Fields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.act(me, id, reply, 'revoked', async () => {
      const decision = { entryId, reason: reasonIn(fields), userId: id };
      await this.desk.inTransaction((tx) => this.decisions.revoke(tx, me, decision));
    });
  }

  @Post(':id/role')
  setRole(
    @Me() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() fields: Fields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.act(me, id, reply, 'role', async () => {
      const role = (['user', 'support', 'admin'] as const).find((own) => own === textOf(fields, 'role'));
      if (role === undefined) throw invalid([{ path: 'role', message: 'role is user, support or admin' }]);
      await this.desk.inTransaction((tx) =>
        this.auth.setRole(tx, id, role, { kind: 'admin', id: me.userId }),
      );
    });
  }

  /** Does it and shows the user again; what will not do is told on the same page. */
  private act(
    me: Principal,
    id: string,
    reply: FastifyReply,
    done: string,
    work: () => Promise<unknown>,
  ): Promise<void> {
    return this.desk.act({
      reply,
      to: `/admin/users/${id}?done=${done}`,
      work,
      again: async (problem) => userPage(await this.models.one(me, id, { problem })),
    });
  }
}
