import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuthService } from '../../auth/index.js';
import type { CreditEntryDto } from '../../credit/index.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { Idempotency, ApiIdempotencyKey } from '../../platform/http/idempotency.js';
import type { Page } from '../../platform/http/page.dto.js';
import type { Principal } from '../../platform/security/principal.js';
import { GrantCreditDto, ReasonDto, SetRoleDto, UserQuery } from '../admin.dto.js';
import { ManualCredit } from './manual-credit.js';
import { UserDetailsService, type UserDetailsDto } from './user-details.service.js';
import { UserQueries, type AdminUserDto } from './user-queries.js';

@ApiTags('admin')
@Controller('api/v1/admin')
@Roles('admin')
export class UsersController {
  constructor(
    private readonly users: UserQueries,
    private readonly details: UserDetailsService,
    private readonly manualCredit: ManualCredit,
    private readonly auth: AuthService,
    private readonly idempotency: Idempotency,
  ) {}

  /** Users, newest first. */
  @Get('users')
  @Roles('admin', 'support')
  list(@Query() query: UserQuery): Promise<Page<AdminUserDto>> {
    return this.users.list(query);
  }

  /** One user, with all that is known of them. */
  @Get('users/:id')
  @Roles('admin', 'support')
  show(@Param('id', IdPipe) id: string): Promise<UserDetailsDto> {
    return this.details.get(id);
  }

  /** Gives credit manually. Send an Idempotency-Key to make sending it twice one grant. */
  @Post('users/:id/credit')
  @ApiIdempotencyKey()
  grant(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() body: GrantCreditDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CreditEntryDto> {
    return this.idempotency.runOnce(request, reply, 201, (tx) =>
      this.manualCredit.grant(tx, me, { userId: id, ...body }),
    );
  }

  /** Takes back what is left of one grant. */
  @Post('credit/:entryId/revoke')
  @ApiIdempotencyKey()
  revoke(
    @CurrentUser() me: Principal,
    @Param('entryId', IdPipe) entryId: string,
    @Body() { reason }: ReasonDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CreditEntryDto> {
    return this.idempotency.runOnce(request, reply, 201, (tx) =>
      this.manualCredit.revoke(tx, me, { entryId, reason }),
    );
  }

  /** Gives a person another role. */
  @Put('users/:id/role')
  @HttpCode(200)
  async setRole(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() { role }: SetRoleDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ role: string }> {
    return this.idempotency.runOnce(request, reply, 200, async (tx) => {
      await this.auth.setRole(tx, id, role, { kind: 'admin', id: me.userId });
      return { role };
    });
  }
}
