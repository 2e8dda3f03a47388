import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CreditEntryDto } from '../../credit/index.js';
import { Database } from '../../platform/database/database.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { Idempotency, ApiIdempotencyKey } from '../../platform/http/idempotency.js';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import type { Principal } from '../../platform/security/principal.js';
import { RefundAsCreditService } from './refund-as-credit.service.js';
import { GrantRefundCreditDto, RefundPreviewDto, RefundQuery } from './refund.dto.js';

@ApiTags('admin')
@Controller('api/v1/admin/users/:id/refund-as-credit')
@Roles('admin')
export class RefundsController {
  constructor(
    private readonly refunds: RefundAsCreditService,
    private readonly idempotency: Idempotency,
    private readonly database: Database,
  ) {}

  /**
   * What an amount of a payment would be as days of access, and how that is computed. Nothing is
   * written.
   */
  @Get()
  @Problems('billing.nothing_left')
  @Roles('admin', 'support')
  previewRefundAsCredit(
    @Param('id', IdPipe) userId: string,
    @Query() query: RefundQuery,
  ): Promise<RefundPreviewDto> {
    return this.refunds.preview(this.database, { userId, ...query });
  }

  /**
   * Gives those days instead of the money. `days` are those that the preview showed; 409 when they
   * no longer are.
   */
  @Post()
  @Problems('billing.nothing_left', 'billing.period_unknown', 'billing.preview_changed')
  @ApiIdempotencyKey()
  grantRefundAsCredit(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) userId: string,
    @Body() body: GrantRefundCreditDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CreditEntryDto> {
    return this.idempotency.runOnce(request, reply, 201, (tx) =>
      this.refunds.grant(tx, me, { userId, ...body }),
    );
  }
}
