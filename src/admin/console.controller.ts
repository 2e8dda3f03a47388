import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AuthService } from '../auth/index.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { DomainError } from '../platform/errors.js';
import { Me, OnlyFor } from '../platform/http/access.js';
import { IdPipe } from '../platform/http/id.pipe.js';
import type { Principal } from '../platform/http/principal.js';
import { textOf, type Fields } from '../platform/http/form-fields.js';
import { invalid } from '../platform/http/validation.js';
import { ConsoleModels } from './console-models.js';
import { CreditDecisions } from './credit-decisions.js';
import { userPage } from './pages/user-page.js';
import { usersPage } from './pages/users-page.js';

/** The console's pages: support looks, admins act. */
@ApiExcludeController()
@Controller('admin/users')
@OnlyFor('admin')
export class ConsoleController {
  constructor(
    private readonly models: ConsoleModels,
    private readonly decisions: CreditDecisions,
    private readonly auth: AuthService,
    private readonly database: Database,
  ) {}

  @Get()
  @OnlyFor('admin', 'support')
  async list(@Me() me: Principal, @Query() query: Fields, @Res() reply: FastifyReply): Promise<void> {
    send(reply, usersPage(await this.models.list(me, query)));
  }

  @Get(':id')
  @OnlyFor('admin', 'support')
  async show(
    @Me() me: Principal,
    @Param('id', IdPipe) id: string,
    @Query('done') done: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    send(reply, userPage(await this.models.one(me, id, { done })));
  }

  @Post(':id/credit')
  grant(
    @Me() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() fields: Fields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const days = Number(textOf(fields, 'days'));
    const key = textOf(fields, 'idempotencyKey').slice(0, 100);
    return this.act(me, id, reply, 'granted', async (tx) => {
      if (!Number.isInteger(days) || days < 1 || days > 3650)
        throw invalid([{ path: 'days', message: 'days is a whole number from 1 to 3650' }]);
      const reason = reasonIn(fields);
      if (key === '')
        throw invalid([{ path: 'idempotencyKey', message: 'Load the page again, then send it.' }]);
      if (await this.models.isUsed(tx, me, key)) return;
      await this.decisions.grant(tx, me, { userId: id, days, reason });
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
    return this.act(me, id, reply, 'revoked', async (tx) => {
      await this.decisions.revoke(tx, me, { entryId, reason: reasonIn(fields), userId: id });
    });
  }

  @Post(':id/role')
  setRole(
    @Me() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() fields: Fields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.act(me, id, reply, 'role', async (tx) => {
      const role = (['user', 'support', 'admin'] as const).find((own) => own === textOf(fields, 'role'));
      if (role === undefined) throw invalid([{ path: 'role', message: 'role is user, support or admin' }]);
      await this.auth.setRole(tx, id, role, { kind: 'admin', id: me.userId });
    });
  }

  /** Does it and shows the user again; what will not do is told on the same page. */
  private async act(
    me: Principal,
    id: string,
    reply: FastifyReply,
    done: string,
    work: (tx: Tx) => Promise<void>,
  ): Promise<void> {
    try {
      await this.database.transaction(work);
      void reply.redirect(`/admin/users/${id}?done=${done}`, 303);
    } catch (error) {
      if (!(error instanceof DomainError) || error.status >= 500) throw error;
      send(reply, userPage(await this.models.one(me, id, { problem: error.message })), error.status);
    }
  }
}

function reasonIn(fields: Fields): string {
  const reason = textOf(fields, 'reason').trim();
  if (reason === '' || reason.length > 500)
    throw invalid([{ path: 'reason', message: 'reason is 1 to 500 characters' }]);
  return reason;
}

function send(reply: FastifyReply, page: string, status = 200): void {
  void reply.status(status).type('text/html; charset=utf-8').send(page);
}
