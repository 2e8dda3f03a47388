import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { StaffInvitations, StaffSessions } from '../../auth/index.js';
import { parseEmail } from '../../platform/email-address.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { PageQuery } from '../../platform/http/page.dto.js';
import { invalidField } from '../../platform/http/validation.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { adminActor, type Principal } from '../../platform/security/principal.js';
import { AdminForms, nextHref } from '../admin-forms.js';
import { sendPage } from '../../platform/http/send-page.js';
import { StaffPageQuery } from './staff.dto.js';
import { staffPage, type StaffPageModel } from './pages/staff-page.js';

/** The console's page of the staff: support looks, admins invite, and end sessions. */
@ApiExcludeController()
@Controller('admin/staff')
@Roles('admin')
export class StaffPagesController {
  constructor(
    private readonly invitations: StaffInvitations,
    private readonly sessions: StaffSessions,
    private readonly forms: AdminForms,
  ) {}

  @Get()
  @Roles('admin', 'support')
  async show(
    @CurrentUser() me: Principal,
    @Query() { done, ...query }: StaffPageQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const notice = (['invited', 'revoked', 'ended'] as const).find((own) => own === done) ?? null;
    sendPage(reply, staffPage(await this.pageModel(me, { notice }, query)));
  }

  @Post('invitations')
  invite(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.submit(me, reply, { done: 'invited', fields }, async () => {
      const email = parseEmail(textField(fields, 'email'));
      if (email === null) throw invalidField('email', 'login.invalidEmail');
      const role = (['support', 'admin'] as const).find((own) => own === textField(fields, 'role'));
      if (role === undefined) throw invalidField('role', 'console.problem.role');
      await this.forms.runOnce(me, fields, (tx) => this.invitations.invite(tx, { email, role }, me));
    });
  }

  @Post('invitations/:id/revoke')
  revoke(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.submit(me, reply, { done: 'revoked' }, () =>
      this.forms.inTransaction((tx) => this.invitations.revoke(tx, id, adminActor(me))),
    );
  }

  @Post('sessions/:id/end')
  endSession(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.submit(me, reply, { done: 'ended' }, () =>
      this.forms.inTransaction((tx) => this.sessions.end(tx, id, me.userId)),
    );
  }

  private submit(
    me: Principal,
    reply: FastifyReply,
    { done, fields = {} }: { done: string; fields?: FormFields },
    run: () => Promise<unknown>,
  ): Promise<void> {
    return this.forms.submit({
      ...{ me, reply, run },
      redirectTo: `/admin/staff?done=${done}`,
      renderWithProblem: async (problem) => staffPage(await this.pageModel(me, { problem, fields })),
    });
  }

  private async pageModel(
    me: Principal,
    more: Partial<StaffPageModel>,
    query = new PageQuery(),
  ): Promise<StaffPageModel> {
    const [members, sessions, invitations] = await Promise.all([
      this.sessions.members(),
      this.sessions.list(query),
      this.invitations.list(),
    ]);
    return {
      viewer: await this.forms.viewerFor(me),
      mayChange: me.role === 'admin',
      idempotencyKey: this.forms.newIdempotencyKey(),
      currentSessionId: me.sessionId,
      ...{ members, invitations, sessions: sessions.items },
      nextHref: nextHref('/admin/staff', {}, sessions.nextCursor),
      ...{ notice: null, problem: null, fields: {} },
      ...more,
    };
  }
}
