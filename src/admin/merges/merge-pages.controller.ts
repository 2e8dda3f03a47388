import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AccountMergeService } from '../../accounts/index.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { adminActor, type Principal } from '../../platform/security/principal.js';
import { AdminForms, parseReason } from '../admin-forms.js';
import { sendPage } from '../../platform/http/send-page.js';
import { MergePageLoader } from './merge-page-loader.js';
import { mergePage } from './pages/merge-page.js';

/**
 * The console's page of merges: first it shows what a merge would do, then it does that. Support
 * looks, admins act.
 */
@ApiExcludeController()
@Controller('admin/merges')
@Roles('admin')
export class MergePagesController {
  constructor(
    private readonly pages: MergePageLoader,
    private readonly merges: AccountMergeService,
    private readonly forms: AdminForms,
  ) {}

  @Get()
  @Roles('admin', 'support')
  async show(
    @CurrentUser() me: Principal,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, mergePage(await this.pages.mergePage(me, query)));
  }

  @Post()
  merge(@CurrentUser() me: Principal, @Body() fields: FormFields, @Res() reply: FastifyReply): Promise<void> {
    return this.submit(me, fields, reply, 'merged', async () => {
      const accounts = {
        fromUserId: (await this.pages.findAccount(textField(fields, 'from'))).id,
        intoUserId: (await this.pages.findAccount(textField(fields, 'into'))).id,
      };
      const decision = decisionOf(me, fields);
      await this.forms.runOnce(me, fields, (tx) => this.merges.merge(tx, accounts, decision));
    });
  }

  @Post(':id/undo')
  undo(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.submit(me, fields, reply, 'undone', async () => {
      const decision = decisionOf(me, fields);
      await this.forms.inTransaction((tx) => this.merges.undo(tx, id, decision));
    });
  }

  private submit(
    me: Principal,
    fields: FormFields,
    reply: FastifyReply,
    done: string,
    work: () => Promise<void>,
  ): Promise<void> {
    return this.forms.submit({
      ...{ me, reply },
      redirectTo: `/admin/merges?done=${done}`,
      run: work,
      renderWithProblem: async (problem) => mergePage(await this.pages.mergePage(me, fields, problem)),
    });
  }
}

function decisionOf(me: Principal, fields: FormFields) {
  return { reason: parseReason(fields), actor: adminActor(me) };
}
