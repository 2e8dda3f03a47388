import { Body, Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { capturedMailOf } from '../../notifications/index.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { minuteMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import { requestLocale } from '../../platform/i18n/request-locale.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { parseTimeZone } from '../profile/profile-validation.js';
import { Cookies } from '../sessions/cookies.js';
import { codeLifetimeMs } from './challenge.service.js';
import { PendingSignInCookie, type PendingSignIn } from './pending-sign-in-cookie.js';
import { requesterOf } from './requester.js';
import { verifyPage, type VerifyPageModel, needsNewCode, signInErrorMessage } from './sign-in-pages.js';
import { VerifyFormDto } from './sign-in.dto.js';
import { SignInService } from './sign-in.service.js';
import { TrustedDevices } from './trusted-devices.js';
import { sendPage } from '../../platform/http/send-page.js';

/** The page where a person enters the code from their mail. */
@ApiExcludeController()
@Controller('verify')
export class VerifyController {
  constructor(
    private readonly pendingCookie: PendingSignInCookie,
    private readonly signInService: SignInService,
    private readonly trustedDevices: TrustedDevices,
    private readonly cookies: Cookies,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const pending = this.pendingCookie.read(request);
    if (pending === null) return void reply.redirect('/login', 303);
    this.sendVerifyPage(request, reply, pending, { status: 200, problem: null, expired: false });
  }

  @Post()
  async verify(
    @Body() form: VerifyFormDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const pending = this.pendingCookie.read(request);
    if (pending === null) return void reply.redirect('/login', 303);
    const t = getTranslator(requestLocale(request));
    const code = form.code.replaceAll(/\s/g, '');
    if (!/^\d{6}$/.test(code))
      return this.sendVerifyPage(request, reply, pending, {
        status: 422,
        problem: t('login.sixDigits'),
        expired: false,
      });
    try {
      const timeZone = parseTimeZone(form.timeZone ?? '');
      const submitted = { challengeId: pending.challengeId, code, timeZone };
      const [requester, client] = [requesterOf(request), this.cookies.clientInfoOf(request, reply)];
      const { token, user } = await this.signInService.signIn(submitted, client, requester);
      this.cookies.writeSession(reply, token);
      this.trustedDevices.trust(request, reply, user.email, client.device);
      void reply.redirect(pending.next ?? '/settings', 303);
    } catch (error) {
      if (!(error instanceof DomainError) || !error.code.startsWith('auth.')) throw error;
      if (error.options.retryAfterSeconds !== undefined)
        void reply.header('retry-after', error.options.retryAfterSeconds);
      this.sendVerifyPage(request, reply, pending, {
        status: error.status,
        problem: signInErrorMessage(error, t),
        expired: needsNewCode(error),
      });
    }
  }

  private sendVerifyPage(
    request: FastifyRequest,
    reply: FastifyReply,
    { maskedEmail, referralCode, invitedBy, next }: PendingSignIn,
    { status, ...state }: Pick<VerifyPageModel, 'problem' | 'expired'> & { status: number },
  ): void {
    const model: VerifyPageModel = {
      maskedEmail,
      isInvited: referralCode !== null,
      invitedBy,
      next,
      ...state,
      capturedMail: capturedMailOf(this.config),
      lifetimeMinutes: codeLifetimeMs / minuteMs,
    };
    sendPage(reply, verifyPage(model, requestLocale(request)), status);
  }
}
