import { Body, Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../platform/config.js';
import { DomainError } from '../platform/errors.js';
import { Visitor } from '../platform/http/access.js';
import type { Principal } from '../platform/http/principal.js';
import { localeOf } from '../platform/locale/request-locale.js';
import { wordsIn } from '../platform/locale/words.js';
import { CONFIG } from '../platform/tokens.js';
import { askerOf, type Asker } from './asker.js';
import { Challenges } from './challenges.js';
import { maskEmail, parseEmail, type EmailAddress } from '../platform/email-address.js';
import type { Touch } from '../referral/index.js';
import { FollowedLinks } from './followed-links.js';
import { Invitations, type Invitation } from './invitations.js';
import { localPath } from './local-path.js';
import { loginPage } from './pages/login-page.js';
import { PendingSignIns } from './pending-sign-in.js';
import { LoginForm } from './sign-in-form.dto.js';
import { tooManyText } from './sign-in-words.js';

/** The page where somebody says who they are, and sees who invited them. */
@ApiExcludeController()
@Controller('login')
export class LoginController {
  constructor(
    private readonly invitations: Invitations,
    private readonly challenges: Challenges,
    private readonly pending: PendingSignIns,
    private readonly links: FollowedLinks,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  async show(
    @Query('ref') ref: unknown,
    @Query() { next, again }: { next?: unknown; again?: unknown },
    @Visitor() visitor: Principal | null,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const followed = typeof ref === 'string' && ref !== '' ? ref.slice(0, 100) : null;
    const then = localPath(typeof next === 'string' ? next : null);
    if (visitor !== null && again !== '1') {
      // An account is there already: the settings explain why this link brings nothing.
      const explained =
        followed === null ? (then ?? '/settings') : `/settings?invited=${encodeURIComponent(followed)}`;
      return void reply.redirect(explained, 303);
    }
    const invitation =
      followed === null ? await this.remembered(request) : await this.links.follow(request, reply, followed);
    const unknownCode = invitation === null ? followed : null;
    await this.answer(request, reply, 200, { invitation, unknownCode, next: then });
  }

  @Post()
  async ask(
    @Body() form: LoginForm,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const t = wordsIn(localeOf(request));
    const email = parseEmail(form.email);
    const typed = form.ref?.trim() ?? null;
    const link = await this.links.of(request);
    const invitation = await this.invitation(typed ?? link?.code ?? null);
    const shown = { invitation, next: localPath(form.next), email: form.email };
    if (email === null)
      return this.answer(request, reply, 422, { ...shown, problem: t('login.notAnAddress') });
    if (form.ref && typed && invitation === null)
      return this.answer(request, reply, 422, { ...shown, unknownCode: typed });
    try {
      await this.begin(reply, {
        ...{ email, asker: askerOf(request), locale: localeOf(request) },
        ...{ invitation, next: shown.next, touch: link?.touch ?? null },
      });
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'auth.too_many') throw error;
      void reply.header('retry-after', error.options.retryAfterSeconds);
      await this.answer(request, reply, 429, { ...shown, problem: tooManyText(error, t) });
    }
  }

  private async begin(reply: FastifyReply, wanted: Wanted): Promise<void> {
    const { email, asker, locale, touch, invitation, next } = wanted;
    const ref = invitation?.code ?? null;
    const { challengeId } = await this.challenges.request({ email, ref, asker, locale, touch });
    const invitedBy = invitation?.label ?? null;
    this.pending.begin(reply, { challengeId, maskedEmail: maskEmail(email), ref, invitedBy, next });
    void reply.redirect('/verify', 303);
  }

  private async remembered(request: FastifyRequest): Promise<Invitation | null> {
    return this.invitation((await this.links.of(request))?.code ?? null);
  }

  private async invitation(code: string | null): Promise<Invitation | null> {
    return code ? this.invitations.invitedBy(code) : null;
  }

  private async answer(
    request: FastifyRequest,
    reply: FastifyReply,
    status: number,
    state: LoginState,
  ): Promise<void> {
    const model = {
      unknownCode: null,
      email: '',
      problem: null,
      ...state,
      creditDays: await this.invitations.creditDays(),
      programmePaused: this.config.programme === 'paused',
    };
    void reply
      .status(status)
      .type('text/html; charset=utf-8')
      .send(loginPage(model, localeOf(request)));
  }
}

interface Wanted {
  email: EmailAddress;
  asker: Asker;
  locale: string;
  touch: Touch | null;
  invitation: Invitation | null;
  next: string | null;
}

interface LoginState {
  invitation: Invitation | null;
  next: string | null;
  unknownCode?: string | null;
  email?: string;
  problem?: string | null;
}
