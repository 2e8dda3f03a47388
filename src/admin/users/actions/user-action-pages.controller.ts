import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AccountErasure } from '../../../accounts/index.js';
import { AuthService } from '../../../auth/index.js';
import { textField, type FormFields } from '../../../platform/http/form-fields.js';
import { IdPipe } from '../../../platform/http/id.pipe.js';
import { invalidField } from '../../../platform/http/validation.js';
import { CurrentUser, Roles } from '../../../platform/security/auth.decorators.js';
import { adminActor, type Principal } from '../../../platform/security/principal.js';
import { AdminForms, parseReason, parseWholeNumber } from '../../admin-forms.js';
import { sendPage } from '../../../platform/http/send-page.js';
import { ManualCredit } from '../manual-credit.js';
import { userActionPage } from './user-action-page.js';
import { UserActionPageLoader, type UserActionModel } from './user-action-page-loader.js';

/** What admins do with a user, each on a page that shows first what it would do. */
@ApiExcludeController()
@Controller('admin/users/:id')
@Roles('admin')
export class UserActionPagesController {
  constructor(
    private readonly pages: UserActionPageLoader,
    private readonly manualCredit: ManualCredit,
    private readonly auth: AuthService,
    private readonly erasure: AccountErasure,
    private readonly forms: AdminForms,
  ) {}

  @Get('credit')
  @Roles('admin', 'support')
  async showCredit(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) userId: string,
    @Query() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, userActionPage(await this.pages.creditPage({ me, userId, fields })));
  }

  @Post('credit')
  giveCredit(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) userId: string,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const run = async () => {
      const days = parseWholeNumber(fields, 'days', 3650);
      if (days === null) throw invalidField('days', 'console.problem.number.days', { max: 3650 });
      const reason = parseReason(fields);
      await this.forms.runOnce(me, fields, (tx) =>
        this.manualCredit.grant(tx, adminActor(me), { userId, days, reason }),
      );
    };
    return this.submit({ me, reply, userId, done: 'granted' }, run, (problem) =>
      this.pages.creditPage({ me, userId, fields, problem }),
    );
  }

  @Get('credit/:entryId/revoke')
  @Roles('admin', 'support')
  async showRevocation(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) userId: string,
    @Param('entryId', IdPipe) entryId: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, userActionPage(await this.pages.revokePage({ me, userId, fields: {} }, entryId)));
  }

  @Post('credit/:entryId/revoke')
  revoke(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) userId: string,
    @Param('entryId', IdPipe) entryId: string,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const run = async () => {
      const decision = { entryId, reason: parseReason(fields), userId };
      await this.forms.inTransaction((tx) => this.manualCredit.revoke(tx, adminActor(me), decision));
    };
    return this.submit({ me, reply, userId, done: 'revoked' }, run, (problem) =>
      this.pages.revokePage({ me, userId, fields, problem }, entryId),
    );
  }

  @Get('role')
  @Roles('admin', 'support')
  async showRole(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) userId: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, userActionPage(await this.pages.rolePage({ me, userId, fields: {} })));
  }

  @Post('role')
  setRole(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) userId: string,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const run = async () => {
      const role = (['user', 'support', 'admin'] as const).find((own) => own === textField(fields, 'role'));
      if (role === undefined) throw invalidField('role', 'console.problem.role');
      await this.forms.inTransaction((tx) => this.auth.setRole(tx, userId, role, adminActor(me)));
    };
    return this.submit({ me, reply, userId, done: 'role' }, run, (problem) =>
      this.pages.rolePage({ me, userId, fields, problem }),
    );
  }

  @Get('erase')
  @Roles('admin', 'support')
  async showErasure(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) userId: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, userActionPage(await this.pages.erasePage({ me, userId, fields: {} })));
  }

  @Post('erase')
  erase(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) userId: string,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const run = () =>
      this.erasure.eraseByStaff(userId, { email: textField(fields, 'email'), by: adminActor(me) });
    return this.submit({ me, reply, userId, done: 'erased' }, run, (problem) =>
      this.pages.erasePage({ me, userId, fields, problem }),
    );
  }

  /** Does it and shows the user again; what will not do is reported on the page of the action. */
  private submit(
    { me, reply, userId, done }: { me: Principal; reply: FastifyReply; userId: string; done: string },
    run: () => Promise<unknown>,
    loadAgain: (problem: string) => Promise<UserActionModel>,
  ): Promise<void> {
    return this.forms.submit({
      ...{ me, reply, run },
      redirectTo: `/admin/users/${userId}?done=${done}`,
      renderWithProblem: async (problem) => userActionPage(await loadAgain(problem)),
    });
  }
}
