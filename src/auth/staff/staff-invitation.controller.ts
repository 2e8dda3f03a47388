import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { maskEmail } from '../../platform/email-address.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { requestLocale } from '../../platform/i18n/request-locale.js';
import {
  Authenticated,
  CurrentUser,
  OptionalUser,
  RecentProof,
} from '../../platform/security/auth.decorators.js';
import { CsrfProtection } from '../../platform/security/csrf-protection.js';
import type { Principal } from '../../platform/security/principal.js';
import { Cookies } from '../sessions/cookies.js';
import { staffInvitationPage } from './staff-invitation-page.js';
import { StaffInvitations } from './staff-invitations.js';
import { viewerOf } from '../sign-in/viewer.js';
import { sendPage } from '../../platform/http/send-page.js';

/** The link of an invitation to the staff, and of the first admin. */
@ApiExcludeController()
@Controller('staff-invitation')
export class StaffInvitationController {
  constructor(
    private readonly invitations: StaffInvitations,
    private readonly cookies: Cookies,
    private readonly csrfProtection: CsrfProtection,
  ) {}

  /** The address holds the token: no other site learns it, and no browser keeps the page. */
  @Get()
  async show(
    @Query('token') query: unknown,
    @OptionalUser() visitor: Principal | null,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    void reply.header('referrer-policy', 'same-origin').header('cache-control', 'no-store');
    const token = typeof query === 'string' ? query : '';
    const { email, role } = await this.invitations.find(token);
    const page = staffInvitationPage(
      {
        viewer: visitor && viewerOf(visitor, this.csrfProtection),
        ...{ role, token, path: `/staff-invitation?token=${encodeURIComponent(token)}` },
        maskedEmail: email && maskEmail(email),
        isTheirs: visitor?.provesEmail === true && (email === null || email === visitor.email),
      },
      requestLocale(request),
    );
    sendPage(reply, page);
  }

  @Post()
  @Authenticated()
  @RecentProof(60)
  async accept(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const client = this.cookies.clientInfoOf(request, reply);
    const session = await this.invitations.accept(textField(fields, 'token'), me, client);
    this.cookies.writeSession(reply, session.token);
    void reply.redirect('/admin', 303);
  }
}
