import { Body, Controller, Get, HttpCode, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Database } from '../../platform/database/database.js';
import { Idempotency, ApiIdempotencyKey } from '../../platform/http/idempotency.js';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { PageQuery, paginate } from '../../platform/http/page.dto.js';
import { CurrentPerson, CurrentUser, Authenticated } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import {
  LateClaims,
  CodeChanges,
  LinkClicks,
  linkProblems,
  LinkStatsDto,
  ReferralCodePageDto,
} from '../../referral/index.js';
import { ClaimReferralDto, ClaimedReferralDto, ChangeCodeDto, ChangedCodeDto } from './my-referral.dto.js';

/** My code, how its links do, and who invited me. */
@ApiTags('referral')
@Controller('api/v1/referral')
@Authenticated()
export class MyReferralController {
  constructor(
    private readonly claims: LateClaims,
    private readonly codes: CodeChanges,
    private readonly linkClicks: LinkClicks,
    private readonly idempotency: Idempotency,
    private readonly database: Database,
  ) {}

  /**
   * Adds the invitation that I forgot: within the days that the terms give, and before my first
   * payment.
   */
  @Post('claim')
  @Problems(...linkProblems, 'referral.claim_too_late')
  @ApiIdempotencyKey()
  claimReferral(
    @CurrentUser() me: Principal,
    @Body() { code }: ClaimReferralDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ClaimedReferralDto> {
    return this.idempotency.runOnce(request, reply, 201, async (tx) => ({
      referralId: (await this.claims.claim(tx, me.userId, { code })).id,
    }));
  }

  /**
   * Gives me another code. The present one works for 90 more days, and no other user ever gets it.
   */
  @Put('code')
  @Problems('referral.code_taken', 'referral.code_refused', 'referral.user_gone', 'auth.too_many')
  @HttpCode(200)
  async changeCode(
    @CurrentPerson() me: { userId: string; keyId?: string },
    @Body() { code }: ChangeCodeDto,
  ): Promise<ChangedCodeDto> {
    const changed = await this.database.transaction((tx) =>
      this.codes.changeCode(tx, me.userId, code ?? null, me.keyId),
    );
    return { code: changed };
  }

  /** All codes I have had, the newest first. */
  @Get('codes')
  async listCodes(@CurrentUser() me: Principal, @Query() query: PageQuery): Promise<ReferralCodePageDto> {
    return paginate(await this.codes.listCodes(me.userId), query);
  }

  /** The clicks on my links and the sign-ups of the last thirty days. */
  @Get('stats')
  getLinkStats(@CurrentUser() me: Principal): Promise<LinkStatsDto> {
    return this.linkClicks.statsForUser(me.userId);
  }
}
