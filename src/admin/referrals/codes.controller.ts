import { Body, Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuthService } from '../../auth/index.js';
import { AuditLog } from '../../platform/audit-log.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { Idempotency, ApiIdempotencyKey } from '../../platform/http/idempotency.js';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { adminActor, type Principal } from '../../platform/security/principal.js';
import { SetReferrerDto, ReasonDto } from '../admin.dto.js';
import { CodeChanges, LateClaims, linkProblems } from '../../referral/index.js';
import { LinkedReferralDto } from './referral.dto.js';

/** For staff: adding a referral later, and stopping codes that are abused. */
@ApiTags('admin')
@Controller('api/v1/admin')
@Roles('admin')
export class CodesController {
  constructor(
    private readonly lateClaims: LateClaims,
    private readonly codes: CodeChanges,
    private readonly auditLog: AuditLog,
    private readonly idempotency: Idempotency,
    private readonly auth: AuthService,
  ) {}

  /** Records who referred a person, at any time before their first payment. */
  @Post('users/:id/referrer')
  @Problems(...linkProblems)
  @ApiIdempotencyKey()
  async setReferrer(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() { code, reason }: SetReferrerDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LinkedReferralDto> {
    if ((await this.auth.findById(id)) === null)
      throw new DomainError('request.not_found', { text: { key: 'console.problem.userUnknown' } });
    return this.idempotency.runOnce(request, reply, 201, async (tx) => {
      const noteId = await this.auditLog.addNote(tx, reason, id);
      const by = { actor: adminActor(me), noteId };
      return { referralId: (await this.lateClaims.claim(tx, id, { code, by })).id };
    });
  }

  /** Stops a code at once: new users can no longer sign up with it. */
  @Post('codes/:code/block')
  @HttpCode(204)
  @ApiIdempotencyKey()
  blockCode(
    @CurrentUser() me: Principal,
    @Param('code') code: string,
    @Body() { reason }: ReasonDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    return this.idempotency.runOnce(request, reply, 204, (tx) =>
      this.setBlocked(tx, me, { code, isBlocked: true, reason }),
    );
  }

  /** Lets a stopped code work again. */
  @Post('codes/:code/unblock')
  @HttpCode(204)
  @ApiIdempotencyKey()
  unblockCode(
    @CurrentUser() me: Principal,
    @Param('code') code: string,
    @Body() { reason }: ReasonDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    return this.idempotency.runOnce(request, reply, 204, (tx) =>
      this.setBlocked(tx, me, { code, isBlocked: false, reason }),
    );
  }
  private async setBlocked(
    tx: Tx,
    me: Principal,
    { code, isBlocked, reason }: { code: string; isBlocked: boolean; reason: string },
  ): Promise<void> {
    const noteId = await this.auditLog.addNote(tx, reason, null);
    await this.codes.setBlocked(tx, code, isBlocked, { actor: adminActor(me), noteId });
  }
}
