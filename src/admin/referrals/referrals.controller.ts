import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Database } from '../../platform/database/database.js';
import { Me, OnlyFor } from '../../platform/http/access.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { Idempotency, TakesIdempotencyKey } from '../../platform/http/idempotency.js';
import type { Page } from '../../platform/http/list.dto.js';
import type { Principal } from '../../platform/http/principal.js';
import { ReasonBody, ReferralQuery } from '../admin.dto.js';
import { deedOf, ReferralDecisions, referralDeeds } from './referral-decisions.js';
import { ReferralFiles, type ReferralFile } from './referral-files.js';
import { ReferralRows, type ReferralRow } from './referral-rows.js';

@ApiTags('admin')
@Controller('api/v1/admin/referrals')
@OnlyFor('admin')
export class ReferralsController {
  constructor(
    private readonly rows: ReferralRows,
    private readonly files: ReferralFiles,
    private readonly decisions: ReferralDecisions,
    private readonly idempotency: Idempotency,
    private readonly database: Database,
  ) {}

  /** Referrals, newest first. */
  @Get()
  @OnlyFor('admin', 'support')
  list(@Query() query: ReferralQuery): Promise<Page<ReferralRow>> {
    return this.rows.page(this.database, query);
  }

  /** One referral: both people, the payment it follows, the ledger lines of both sides, and the audit. */
  @Get(':id')
  @OnlyFor('admin', 'support')
  show(@Param('id', IdPipe) id: string): Promise<ReferralFile> {
    return this.files.of(id);
  }

  /**
   * Decides about a referral. `approve` lets its reward through, `reject` refuses it (what came before is taken back),
   * `reopen` takes that decision back; `reverse` takes the credit of both sides back until `restore` lifts it, whatever
   * becomes of the payment.
   */
  @Post(referralDeeds.map((deed) => `:id/${deed}`))
  @TakesIdempotencyKey()
  @HttpCode(200)
  decide(
    @Me() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() { reason }: ReasonBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReferralRow> {
    const deed = deedOf(request);
    return this.idempotency.once(request, reply, 200, (tx) =>
      this.decisions.decide(tx, me, { referralId: id, deed, reason }),
    );
  }
}
