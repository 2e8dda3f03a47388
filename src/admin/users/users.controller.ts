import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuthService } from '../../auth/index.js';
import { CreditEntryDto } from '../../credit/index.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { Idempotency, ApiIdempotencyKey } from '../../platform/http/idempotency.js';
import { toPageDto } from '../../platform/lists/keyset-list.js';
import { newestFirst } from '../../platform/lists/list-request.js';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { adminActor, type Principal } from '../../platform/security/principal.js';
import { GrantCreditDto, ReasonDto, SetRoleDto, UserQuery } from '../admin.dto.js';
import { ManualCredit } from './manual-credit.js';
import { AdminUserPageDto, UserDetailsDto, UserRoleDto } from './user.dto.js';
import { UserDetailsService } from './user-details.service.js';
import { AdminUsersRepository } from './admin-users.repository.js';

@ApiTags('admin')
@Controller('api/v1/admin')
@Roles('admin')
export class UsersController {
  constructor(
    private readonly users: AdminUsersRepository,
    private readonly details: UserDetailsService,
    private readonly manualCredit: ManualCredit,
    private readonly auth: AuthService,
    private readonly idempotency: Idempotency,
  ) {}

  /** Users, newest first. */
  @Get('users')
  @Roles('admin', 'support')
  async listUsers(@Query() { query, tier, cursor, limit }: UserQuery): Promise<AdminUserPageDto> {
    return toPageDto(await this.users.list(newestFirst('joined', { query, tier }, cursor), limit));
  }

  /** One user, with all that is known of them. */
  @Get('users/:id')
  @Roles('admin', 'support')
  getUser(@Param('id', IdPipe) id: string): Promise<UserDetailsDto> {
    return this.details.get(id);
  }

  /** Gives credit manually. Send an Idempotency-Key to make sending it twice one grant. */
  @Post('users/:id/credit')
  @ApiIdempotencyKey()
  grantCredit(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() body: GrantCreditDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CreditEntryDto> {
    return this.idempotency.runOnce(request, reply, 201, (tx) =>
      this.manualCredit.grant(tx, adminActor(me), { userId: id, ...body }),
    );
  }

  /** Takes back what is left of one grant. */
  @Post('credit/:entryId/revoke')
  @Problems('credit.not_revocable')
  @ApiIdempotencyKey()
  revokeCredit(
    @CurrentUser() me: Principal,
    @Param('entryId', IdPipe) entryId: string,
    @Body() { reason }: ReasonDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CreditEntryDto> {
    return this.idempotency.runOnce(request, reply, 201, (tx) =>
      this.manualCredit.revoke(tx, adminActor(me), { entryId, reason }),
    );
  }

  /** Gives a person another role. */
  @Put('users/:id/role')
  @HttpCode(200)
  @ApiIdempotencyKey()
  async setRole(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() { role }: SetRoleDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserRoleDto> {
    return this.idempotency.runOnce(request, reply, 200, async (tx) => {
      await this.auth.setRole(tx, id, role, adminActor(me));
      return { role };
    });
  }
}
