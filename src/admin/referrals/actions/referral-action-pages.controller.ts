import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FormFields } from '../../../platform/http/form-fields.js';
import { IdPipe } from '../../../platform/http/id.pipe.js';
import { sendPage } from '../../../platform/http/send-page.js';
import { CurrentUser, Roles } from '../../../platform/security/auth.decorators.js';
import { adminActor, type Principal } from '../../../platform/security/principal.js';
import { AdminForms, parseReason } from '../../admin-forms.js';
import { actionOf, ReferralDecisions, referralActions } from '../referral-decisions.js';
import { referralActionPage } from './referral-action-page.js';
import { ReferralActionPageLoader } from './referral-action-page-loader.js';

/** What admins do with a referral, each on a page that shows first what it would do. */
@ApiExcludeController()
@Controller('admin/referrals')
@Roles('admin')
export class ReferralActionPagesController {
  constructor(
    private readonly pages: ReferralActionPageLoader,
    private readonly decisions: ReferralDecisions,
    private readonly forms: AdminForms,
  ) {}

  @Get(referralActions.map((action) => `:id/${action}`))
  @Roles('admin', 'support')
  async show(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) referralId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const action = actionOf(request);
    sendPage(reply, referralActionPage(await this.pages.load({ me, referralId, action, fields: {} })));
  }

  @Post(referralActions.map((action) => `:id/${action}`))
  decide(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) referralId: string,
    @Body() fields: FormFields,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const action = actionOf(request);
    return this.forms.submit({
      ...{ me, reply },
      redirectTo: `/admin/referrals/${referralId}?done=${action}`,
      run: async () => {
        const reason = parseReason(fields);
        await this.forms.inTransaction((tx): Promise<unknown> =>
          action === 'approve' || action === 'reject'
            ? this.decisions.schedule(tx, me, { referralId, action, reason })
            : this.decisions.decide(tx, adminActor(me), { referralId, action, reason }),
        );
      },
      renderWithProblem: async (problem) =>
        referralActionPage(await this.pages.load({ me, referralId, action, fields, problem })),
    });
  }
}
