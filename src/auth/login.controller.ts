import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../platform/errors.js';
import { Visitor } from '../platform/http/access.js';
import type { Principal } from '../platform/http/principal.js';
import { Challenges } from './challenges.js';
import { maskEmail, parseEmail } from './email-address.js';
import { Invitations, type Invitation } from './invitations.js';
import { localPath } from './local-path.js';
import { PendingSignIns } from './pending-sign-in.js';
import { LoginForm } from './sign-in-form.dto.js';
import { loginPage } from './sign-in-views.js';
import { waitText } from './sign-in-words.js';

/** The page where somebody says who they are, and sees who invited them. */
@ApiExcludeController()
@Controller('login')
export class LoginController {
  constructor(
    private readonly invitations: Invitations,
    private readonly challenges: Challenges,
    private readonly pending: PendingSignIns,
  ) {}

  @Get()
  async show(
    @Query('ref') ref: unknown,
    @Query('next') next: unknown,
    @Visitor() visitor: Principal | null,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const followed = typeof ref === 'string' && ref !== '' ? ref.slice(0, 100) : null;
    const then = localPath(typeof next === 'string' ? next : null);
    if (visitor !== null) {
      // An account is there already: the settings explain why this link brings nothing.
      const explained =
        followed === null ? (then ?? '/settings') : `/settings?invited=${encodeURIComponent(followed)}`;
      return void reply.redirect(explained, 303);
    }
    const invitation = followed === null ? null : await this.invitations.invitedBy(followed);
    if (invitation !== null) this.pending.rememberRef(reply, invitation.code);
    const unknownCode = invitation === null ? followed : null;
    await this.answer(reply, 200, {
      invitation: invitation ?? (await this.rememberedInvitation(request)),
      unknownCode,
      next: then,
    });
  }

  @Post()
  async ask(
    @Body() form: LoginForm,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const email = parseEmail(form.email);
    const typed = form.ref?.trim() || this.pending.refOf(request);
    const invitation = typed === null ? null : await this.invitations.invitedBy(typed);
    const next = localPath(form.next);
    const again = { invitation, next, email: form.email };
    if (email === null)
      return this.answer(reply, 422, {
        ...again,
        problem: 'That is not an e-mail address. Please look again.',
      });
    if (form.ref?.trim() && invitation === null)
      return this.answer(reply, 422, { ...again, unknownCode: form.ref.trim() });
    try {
      const ref = invitation?.code ?? null;
      const { challengeId } = await this.challenges.request({ email, ref, ip: request.ip });
      this.pending.begin(reply, { challengeId, maskedEmail: maskEmail(email), ref, next });
      void reply.redirect('/verify', 303);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'auth.too_many') throw error;
      void reply.header('retry-after', error.options.retryAfterSeconds);
      await this.answer(reply, 429, { ...again, problem: waitText(error) });
    }
  }

  private async rememberedInvitation(request: FastifyRequest): Promise<Invitation | null> {
    const code = this.pending.refOf(request);
    return code === null ? null : this.invitations.invitedBy(code);
  }

  private async answer(reply: FastifyReply, status: number, model: LoginState): Promise<void> {
    const creditDays = await this.invitations.creditDays();
    const page = loginPage({ unknownCode: null, email: '', problem: null, ...model, creditDays });
    void reply.status(status).type('text/html; charset=utf-8').send(page);
  }
}

interface LoginState {
  invitation: Invitation | null;
  next: string | null;
  unknownCode?: string | null;
  email?: string;
  problem?: string | null;
}
