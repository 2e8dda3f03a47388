import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AuditLog } from '../../platform/audit-log.js';
import type { FormFields } from '../../platform/http/form-fields.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { adminActor, type Principal } from '../../platform/security/principal.js';
import { FraudRules } from '../../referral/index.js';
import { AdminForms, parseReason } from '../admin-forms.js';
import { sendPage } from '../../platform/http/send-page.js';
import { FraudPageLoader } from './fraud-page-loader.js';
import { ruleListPage } from './pages/rule-list-page.js';
import { rulePage } from './pages/rule-page.js';
import { parseBasedOn, parseRuleChange } from './rule-change.js';

/** The console's pages about fraud rules: what each finds, and what other settings would do. */
@ApiExcludeController()
@Controller('admin/fraud/rules')
@Roles('admin')
export class FraudPagesController {
  constructor(
    private readonly pages: FraudPageLoader,
    private readonly rules: FraudRules,
    private readonly auditLog: AuditLog,
    private readonly forms: AdminForms,
  ) {}

  @Get()
  @Roles('admin', 'support')
  async list(@CurrentUser() me: Principal, @Res() reply: FastifyReply): Promise<void> {
    sendPage(reply, ruleListPage(await this.pages.listPage(me)));
  }

  @Get(':name')
  @Roles('admin', 'support')
  async show(
    @CurrentUser() me: Principal,
    @Param('name') name: string,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, rulePage(await this.pages.rulePage(me, name, query)));
  }

  @Post(':name')
  change(
    @CurrentUser() me: Principal,
    @Param('name') name: string,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.forms.submit({
      ...{ me, reply },
      redirectTo: `/admin/fraud/rules/${encodeURIComponent(name)}?done=changed`,
      run: async () => {
        const change = parseRuleChange(fields);
        const reason = parseReason(fields);
        await this.forms.runOnce(me, fields, async (tx) => {
          const noteId = await this.auditLog.addNote(tx, reason, null);
          const by = { actor: adminActor(me), noteId };
          await this.rules.updateRule(tx, { name, ...change }, { ...by, basedOn: parseBasedOn(fields) });
        });
      },
      renderWithProblem: async (problem) => rulePage(await this.pages.rulePage(me, name, fields, problem)),
    });
  }
}
