import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { adminActor, type Principal } from '../../platform/security/principal.js';
import { AdminForms, parseReason } from '../admin-forms.js';
import { sendPage } from '../../platform/http/send-page.js';
import { referralListPage } from './pages/referral-list-page.js';
import { referralPage } from './pages/referral-page.js';
import { actionOf, ReferralDecisions, referralActions } from './referral-decisions.js';
import { ReferralPageLoader } from './referral-page-loader.js';

/** The console's pages about referrals: support looks, admins act. */
@ApiExcludeController()
@Controller('admin/referrals')
@Roles('admin')
export class ReferralPagesController {
  constructor(
    private readonly pages: ReferralPageLoader,
    private readonly decisions: ReferralDecisions,
    private readonly forms: AdminForms,
  ) {}

  @Get()
  @Roles('admin', 'support')
  async list(
    @CurrentUser() me: Principal,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, referralListPage(await this.pages.listPage(me, query)));
  }

  @Get(':id')
  @Roles('admin', 'support')
  async show(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, referralPage(await this.pages.referralPage(me, id, { done: textField(query, 'done') })));
  }

  @Post(referralActions.map((action) => `:id/${action}`))
  decide(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) referralId: string,
    @Body() fields: FormFields,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const deed = actionOf(request);
    return this.forms.submit({
      ...{ me, reply },
      redirectTo: `/admin/referrals/${referralId}?done=${deed}`,
      run: async () => {
        const reason = parseReason(fields);
        await this.forms.inTransaction((tx): Promise<unknown> =>
          deed === 'approve' || deed === 'reject'
            ? this.decisions.schedule(tx, me, { referralId, action: deed, reason })
            : this.decisions.decide(tx, adminActor(me), { referralId, action: deed, reason }),
        );
      },
      renderWithProblem: async (problem) =>
        referralPage(await this.pages.referralPage(me, referralId, { problem })),
    });
  }
}
