import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AuthService } from '../../auth/index.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import type { Principal } from '../../platform/security/principal.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { invalidField } from '../../platform/http/validation.js';
import { AdminForms, parseReason, sendPage, parseWholeNumber } from '../admin-forms.js';
import { UserPageLoader } from './user-page-loader.js';
import { ManualCredit } from './manual-credit.js';
import { userPage } from './pages/user-page.js';
import { usersPage } from './pages/users-page.js';

/** The console's pages about users: support looks, admins act. */
@ApiExcludeController()
@Controller('admin/users')
@Roles('admin')
export class UserPagesController {
  constructor(
    private readonly pages: UserPageLoader,
    private readonly manualCredit: ManualCredit,
    private readonly auth: AuthService,
    private readonly forms: AdminForms,
  ) {}

  @Get()
  @Roles('admin', 'support')
  async list(
    @CurrentUser() me: Principal,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, usersPage(await this.pages.usersPage(me, query)));
  }

  @Get(':id')
  @Roles('admin', 'support')
  async show(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Query('done') done: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, userPage(await this.pages.userPage(me, id, { done })));
  }

  @Post(':id/credit')
  grant(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.submit(me, id, reply, 'granted', async () => {
      const days = parseWholeNumber(fields, 'days', 3650);
      if (days === null) throw invalidField('days', 'console.problem.number.days', { max: 3650 });
      const reason = parseReason(fields);
      await this.forms.runOnce(me, fields, (tx) =>
        this.manualCredit.grant(tx, { kind: 'admin', id: me.userId }, { userId: id, days, reason }),
      );
    });
  }

  @Post(':id/credit/:entryId/revoke')
  revoke(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Param('entryId', IdPipe) entryId: string,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.submit(me, id, reply, 'revoked', async () => {
      const decision = { entryId, reason: parseReason(fields), userId: id };
      await this.forms.inTransaction((tx) =>
        this.manualCredit.revoke(tx, { kind: 'admin', id: me.userId }, decision),
      );
    });
  }

  @Post(':id/role')
  setRole(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.submit(me, id, reply, 'role', async () => {
      const role = (['user', 'support', 'admin'] as const).find((own) => own === textField(fields, 'role'));
      if (role === undefined) throw invalidField('role', 'console.problem.role');
      await this.forms.inTransaction((tx) =>
        this.auth.setRole(tx, id, role, { kind: 'admin', id: me.userId }),
      );
    });
  }

  /** Does it and shows the user again; what will not do is reported on the same page. */
  private submit(
    me: Principal,
    id: string,
    reply: FastifyReply,
    done: string,
    work: () => Promise<unknown>,
  ): Promise<void> {
    return this.forms.submit({
      ...{ me, reply },
      redirectTo: `/admin/users/${id}?done=${done}`,
      run: work,
      renderWithProblem: async (problem) => userPage(await this.pages.userPage(me, id, { problem })),
    });
  }
}
