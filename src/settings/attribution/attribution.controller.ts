import { Body, Controller, Get, HttpCode, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LateClaims } from '../../life/index.js';
import { Database } from '../../platform/database/database.js';
import { Me, SignedIn } from '../../platform/http/access.js';
import { Idempotency, TakesIdempotencyKey } from '../../platform/http/idempotency.js';
import { ListQuery, pageOfAll, type Page } from '../../platform/http/list.dto.js';
import type { Principal } from '../../platform/http/principal.js';
import { CodeChanges, Visits, type CodeView, type LinkFigures } from '../../referral/index.js';
import { ClaimBody, CodeBody } from './attribution.dto.js';

/** My code, how its links do, and who invited me. */
@ApiTags('referral')
@Controller('api/v1/referral')
@SignedIn()
export class AttributionController {
  constructor(
    private readonly claims: LateClaims,
    private readonly codes: CodeChanges,
    private readonly visits: Visits,
    private readonly idempotency: Idempotency,
    private readonly database: Database,
  ) {}

  /** Adds the invitation that I forgot: within the days that the terms give, and before my first payment. */
  @Post('claim')
  @TakesIdempotencyKey()
  claim(
    @Me() me: Principal,
    @Body() { code }: ClaimBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ referralId: string }> {
    return this.idempotency.once(request, reply, 201, async (tx) => ({
      referralId: (await this.claims.claim(tx, me.userId, { code })).id,
    }));
  }

  /** Gives me another code. The present one works for 90 days more, and nobody else ever gets it. */
  @Put('code')
  @HttpCode(200)
  async change(@Me() me: Principal, @Body() { code }: CodeBody): Promise<{ code: string }> {
    const changed = await this.database.transaction((tx) => this.codes.change(tx, me.userId, code ?? null));
    return { code: changed };
  }

  /** All codes I have had, the newest first. */
  @Get('codes')
  async history(@Me() me: Principal, @Query() query: ListQuery): Promise<Page<CodeView>> {
    return pageOfAll(await this.codes.history(me.userId), query);
  }

  /** How often my links were followed in the last thirty days, and what came of it. */
  @Get('stats')
  stats(@Me() me: Principal): Promise<LinkFigures> {
    return this.visits.of(me.userId);
  }
}
