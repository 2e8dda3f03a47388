import { Body, Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { maskEmail, parseEmail, type EmailAddress } from '../../platform/email-address.js';
import { DomainError } from '../../platform/errors.js';
import { languageCookie, requestLocale } from '../../platform/i18n/request-locale.js';
import { getTranslator, translations } from '../../platform/i18n/translations.js';
import { OptionalUser } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import type { CampaignParams } from '../../referral/index.js';
import { InvitationService, type Invitation } from '../invitations/invitation.service.js';
import { previewOf } from '../invitations/pictures/invitation-preview.js';
import { readReferralCode, shortenCode } from '../invitations/referral-parameters.js';
import { ReferralLinkCookie } from '../invitations/referral-link-cookie.js';
import { ChallengeService } from './challenge.service.js';
import { PendingSignInCookie } from './pending-sign-in-cookie.js';
import { requesterOf, type Requester } from './requester.js';
import { safeRedirect } from './safe-redirect.js';
import { loginPage, type LoginPageModel, tooManyAttemptsMessage } from './sign-in-pages.js';
import { LoginFormDto } from './sign-in.dto.js';
import { sendPage } from '../../platform/http/send-page.js';

/**
 * The page where a person says who they are, and sees who invited them. It answers at the address
 * of a shared link, too, so that what reads the link, person or messenger, needs no second request.
 */
@ApiExcludeController()
@Controller()
export class LoginController {
  constructor(
    private readonly invitationService: InvitationService,
    private readonly challengeService: ChallengeService,
    private readonly pendingCookie: PendingSignInCookie,
    private readonly linkCookie: ReferralLinkCookie,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('login')
  show(
    @OptionalUser() visitor: Principal | null,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.open(visitor, request, reply, readReferralCode(request.query));
  }

  /** The link that people share; its path says the code, whatever else the link carries. */
  @Get('r/:code')
  showInvitation(
    @Param('code') code: string,
    @OptionalUser() visitor: Principal | null,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.open(visitor, request, reply, shortenCode(code));
  }

  private async open(
    visitor: Principal | null,
    request: FastifyRequest,
    reply: FastifyReply,
    followed: string | null,
  ): Promise<void> {
    const { next, again } = request.query as { next?: unknown; again?: unknown };
    const redirectTo = safeRedirect(typeof next === 'string' ? next : null);
    if (visitor !== null && again !== '1') {
      // An account is there already: the settings explain why this link earns nothing.
      const target =
        followed === null ? (redirectTo ?? '/settings') : `/settings?invited=${encodeURIComponent(followed)}`;
      return void reply.redirect(target, 303);
    }
    const invitation =
      followed === null
        ? await this.invitationFromCookie(request)
        : await this.linkCookie.recordClick(request, reply, followed);
    const unknownCode = invitation === null ? followed : null;
    await this.sendLoginPage(request, reply, 200, { invitation, unknownCode, next: redirectTo });
  }

  @Post('login')
  async submit(
    @Body() form: LoginFormDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const t = getTranslator(requestLocale(request));
    const email = parseEmail(form.email);
    const typed = form.ref?.trim() ?? null;
    const link = await this.linkCookie.read(request);
    const invitation = await this.findInvitation(typed ?? link?.code ?? null);
    const shown = { invitation, next: safeRedirect(form.next), email: form.email };
    if (email === null)
      return this.sendLoginPage(request, reply, 422, { ...shown, problem: t('login.invalidEmail') });
    if (form.ref && typed && invitation === null)
      return this.sendLoginPage(request, reply, 422, { ...shown, unknownCode: typed });
    try {
      await this.startSignIn(reply, {
        ...{ email, requester: requesterOf(request), locale: requestLocale(request) },
        ...{ invitation, next: shown.next, campaign: link?.campaign ?? null, formId: form.formId },
      });
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'auth.too_many') throw error;
      void reply.header('retry-after', error.options.retryAfterSeconds);
      await this.sendLoginPage(request, reply, 429, { ...shown, problem: tooManyAttemptsMessage(error, t) });
    }
  }

  private async startSignIn(reply: FastifyReply, signInStart: SignInStart): Promise<void> {
    const { email, requester, locale, campaign, invitation, next, formId } = signInStart;
    const ref = invitation?.code ?? null;
    const { challengeId } = await this.challengeService.requestCode({
      email,
      referralCode: ref,
      requester,
      locale,
      campaign,
      ...(formId === undefined ? {} : { formId }),
    });
    this.pendingCookie.write(reply, {
      challengeId,
      maskedEmail: maskEmail(email),
      referralCode: ref,
      invitedBy: invitation?.name ?? null,
      next,
    });
    void reply.redirect('/verify', 303);
  }

  private async invitationFromCookie(request: FastifyRequest): Promise<Invitation | null> {
    return this.findInvitation((await this.linkCookie.read(request))?.code ?? null);
  }

  private async findInvitation(code: string | null): Promise<Invitation | null> {
    return code ? this.invitationService.findByCode(code) : null;
  }

  private async sendLoginPage(
    request: FastifyRequest,
    reply: FastifyReply,
    status: number,
    state: LoginPageState,
  ): Promise<void> {
    const { invitation } = state;
    const offer = await this.invitationService.findOffer(invitation);
    const locale = pageLocale(request, invitation);
    const model: LoginPageModel = {
      unknownCode: null,
      email: '',
      problem: null,
      ...state,
      offer,
      formId: this.challengeService.newFormId(),
      preview: invitation && previewOf(this.config, getTranslator(locale), invitation, offer),
    };
    sendPage(reply, loginPage(model, locale), status);
  }
}

/** What reads a link for a messenger says no language: it gets that of who shares the link. */
function pageLocale(request: FastifyRequest, invitation: Invitation | null): string {
  const isSaid =
    request.headers['accept-language'] !== undefined || request.cookies?.[languageCookie] !== undefined;
  return (!isSaid && invitation && translations.supportedLocale(invitation.locale)) || requestLocale(request);
}

interface SignInStart {
  email: EmailAddress;
  requester: Requester;
  locale: string;
  campaign: CampaignParams | null;
  invitation: Invitation | null;
  next: string | null;
  formId: string | undefined;
}

interface LoginPageState {
  invitation: Invitation | null;
  next: string | null;
  unknownCode?: string | null;
  email?: string;
  problem?: string | null;
}
