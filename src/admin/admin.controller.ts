import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuthService } from '../auth/index.js';
import type { EntryView } from '../credit/index.js';
import { Me, OnlyFor } from '../platform/http/access.js';
import { IdPipe } from '../platform/http/id.pipe.js';
import { Idempotency, TakesIdempotencyKey } from '../platform/http/idempotency.js';
import type { Page } from '../platform/http/list.dto.js';
import type { Principal } from '../platform/http/principal.js';
import { GrantBody, ReasonBody, RoleBody, UserQuery } from './admin.dto.js';
import { CreditDecisions } from './credit-decisions.js';
import { UserFiles, type UserFile } from './user-files.js';
import { UserRows, type UserRow } from './user-rows.js';

@ApiTags('admin')
@Controller('api/v1/admin')
@OnlyFor('admin')
export class AdminController {
  constructor(
    private readonly users: UserRows,
    private readonly files: UserFiles,
    private readonly decisions: CreditDecisions,
    private readonly auth: AuthService,
    private readonly idempotency: Idempotency,
  ) {}

  /** Users, newest first. */
  @Get('users')
  @OnlyFor('admin', 'support')
  list(@Query() query: UserQuery): Promise<Page<UserRow>> {
    return this.users.page(query);
  }

  /** One user, with all that is known of them. */
  @Get('users/:id')
  @OnlyFor('admin', 'support')
  show(@Param('id', IdPipe) id: string): Promise<UserFile> {
    return this.files.of(id);
  }

  /** Gives credit by hand. Send an Idempotency-Key to make sending it twice one grant. */
  @Post('users/:id/credit')
  @TakesIdempotencyKey()
  grant(
    @Me() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() body: GrantBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EntryView> {
    return this.idempotency.once(request, reply, 201, (tx) =>
      this.decisions.grant(tx, me, { userId: id, ...body }),
    );
  }

  /** Takes back what is left of one grant. */
  @Post('credit/:entryId/revoke')
  @TakesIdempotencyKey()
  revoke(
    @Me() me: Principal,
    @Param('entryId', IdPipe) entryId: string,
    @Body() { reason }: ReasonBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EntryView> {
    return this.idempotency.once(request, reply, 201, (tx) =>
      this.decisions.revoke(tx, me, { entryId, reason }),
    );
  }

  /** Gives somebody another role. */
  @Put('users/:id/role')
  @HttpCode(200)
  async setRole(
    @Me() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() { role }: RoleBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ role: string }> {
    return this.idempotency.once(request, reply, 200, async (tx) => {
      await this.auth.setRole(tx, id, role, { kind: 'admin', id: me.userId });
      return { role };
    });
  }
}
