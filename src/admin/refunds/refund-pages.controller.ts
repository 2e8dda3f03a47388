import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import type { FormFields } from '../../platform/http/form-fields.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import type { Principal } from '../../platform/security/principal.js';
import { invalidField } from '../../platform/http/validation.js';
import { AdminForms, parseReason, parseWholeNumber } from '../admin-forms.js';
import { sendPage } from '../../platform/http/send-page.js';
import { refundPage } from './pages/refund-page.js';
import { RefundAsCreditService } from './refund-as-credit.service.js';
import { RefundPageLoader } from './refund-page-loader.js';

/**
 * The console's page that gives days for money: first it shows them, then it gives what it has
 * shown.
 */
@ApiExcludeController()
@Controller('admin/users/:id/refund-as-credit')
@Roles('admin')
export class RefundPagesController {
  constructor(
    private readonly pages: RefundPageLoader,
    private readonly refunds: RefundAsCreditService,
    private readonly forms: AdminForms,
  ) {}

  @Get()
  @Roles('admin', 'support')
  async show(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) userId: string,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, refundPage(await this.pages.refundPage(me, userId, query)));
  }

  @Post()
  grant(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) userId: string,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.forms.submit({
      ...{ me, reply },
      redirectTo: `/admin/users/${userId}?done=refunded`,
      run: async () => {
        const days = parseWholeNumber(fields, 'days', 3650);
        if (days === null) throw invalidField('days', 'console.refund.previewFirst');
        const reason = parseReason(fields);
        await this.forms.runOnce(me, fields, async (tx) => {
          const refund = await this.pages.parseRefund(tx, me, userId, fields);
          await this.refunds.grant(tx, me, { ...refund, days, reason });
        });
      },
      renderWithProblem: async (problem) =>
        refundPage(await this.pages.refundPage(me, userId, fields, problem)),
    });
  }
}
