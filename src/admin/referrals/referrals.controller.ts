import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { Idempotency, ApiIdempotencyKey } from '../../platform/http/idempotency.js';
import { toPageDto } from '../../platform/lists/keyset-list.js';
import { newestFirst } from '../../platform/lists/list-request.js';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { adminActor, type Principal } from '../../platform/security/principal.js';
import { ReasonDto, ReferralQuery } from '../admin.dto.js';
import { actionOf, ReferralDecisions, referralActions } from './referral-decisions.js';
import { ReferralDetailsService } from './referral-details.service.js';
import { ReferralDetailsDto, ReferralDto, ReferralPageDto } from './referral.dto.js';
import { AdminReferralsRepository } from './admin-referrals.repository.js';

@ApiTags('admin')
@Controller('api/v1/admin/referrals')
@Roles('admin')
export class ReferralsController {
  constructor(
    private readonly queries: AdminReferralsRepository,
    private readonly details: ReferralDetailsService,
    private readonly decisions: ReferralDecisions,
    private readonly idempotency: Idempotency,
  ) {}

  /** Referrals, newest first. */
  @Get()
  @Roles('admin', 'support')
  async listReferrals(@Query() { status, review, cursor, limit }: ReferralQuery): Promise<ReferralPageDto> {
    return toPageDto(await this.queries.list(newestFirst('linked', { status, review }, cursor), limit));
  }

  /**
   * One referral: both people, the payment it follows, the ledger entries of both sides, and the
   * audit.
   */
  @Get(':id')
  @Roles('admin', 'support')
  getReferral(@Param('id', IdPipe) id: string): Promise<ReferralDetailsDto> {
    return this.details.get(id);
  }

  /**
   * Decides about a referral. `approve` lets its reward through, `reject` refuses it (what came
   * before is taken back), `reopen` takes that decision back; `reverse` takes the credit of both
   * sides back until `restore` lifts it, whatever becomes of the payment.
   */
  @Post(referralActions.map((action) => `:id/${action}`))
  @ApiIdempotencyKey()
  @HttpCode(200)
  @Problems('referral.decided', 'referral.not_converted')
  decideReferral(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() { reason }: ReasonDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReferralDto> {
    const deed = actionOf(request);
    return this.idempotency.runOnce(request, reply, 200, async (tx) => {
      const decision = { referralId: id, action: deed, reason };
      return (await this.decisions.decide(tx, adminActor(me), decision)).referral;
    });
  }
}
