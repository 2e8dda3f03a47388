import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import type { Principal } from '../../platform/security/principal.js';
import { sendPage } from '../../platform/http/send-page.js';
import { referralListPage } from './pages/referral-list-page.js';
import { referralPage } from './pages/referral-page.js';
import { ReferralPageLoader } from './referral-page-loader.js';

/** The console's pages about referrals. */
@ApiExcludeController()
@Controller('admin/referrals')
@Roles('admin', 'support')
export class ReferralPagesController {
  constructor(private readonly pages: ReferralPageLoader) {}

  @Get()
  async list(
    @CurrentUser() me: Principal,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, referralListPage(await this.pages.listPage(me, query)));
  }

  @Get(':id')
  async show(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, referralPage(await this.pages.referralPage(me, id, textField(query, 'done'))));
  }
}
