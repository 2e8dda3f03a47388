import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { FormFields } from '../../platform/http/form-fields.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { sendPage } from '../../platform/http/send-page.js';
import { AuditPageLoader } from './audit-page-loader.js';
import { auditPage } from './pages/audit-page.js';

/** The page of the audit log. It changes nothing. */
@ApiExcludeController()
@Controller('admin/audit')
@Roles('admin', 'support')
export class AuditPagesController {
  constructor(private readonly pages: AuditPageLoader) {}

  @Get()
  async show(
    @CurrentUser() me: Principal,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, auditPage(await this.pages.load(me, query)));
  }
}
