import { Body, Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { capturedMailOf } from '../mail/index.js';
import type { Config } from '../platform/config.js';
import { minuteMs } from '../platform/durations.js';
import { DomainError } from '../platform/errors.js';
import { localeOf } from '../platform/locale/request-locale.js';
import { wordsIn } from '../platform/locale/words.js';
import { CONFIG } from '../platform/tokens.js';
import { Cookies } from './cookies.js';
import { askerOf } from './asker.js';
import { PendingSignIns, type PendingSignIn } from './pending-sign-in.js';
import { ProvenDevices } from './proven-devices.js';
import { VerifyForm } from './sign-in-form.dto.js';
import { codeLifeMs } from './sign-in-codes.js';
import { SignIn } from './sign-in.js';
import { verifyPage, type VerifyModel } from './pages/verify-page.js';
import { needsNewCode, problemText } from './sign-in-words.js';

/** The page where somebody enters the code from their mail. */
@ApiExcludeController()
@Controller('verify')
export class VerifyController {
  constructor(
    private readonly pending: PendingSignIns,
    private readonly signIn: SignIn,
    private readonly devices: ProvenDevices,
    private readonly cookies: Cookies,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const pending = this.pending.of(request);
    if (pending === null) return void reply.redirect('/login', 303);
    this.answer(request, reply, pending, { status: 200, problem: null });
  }

  @Post()
  async verify(
    @Body() form: VerifyForm,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const pending = this.pending.of(request);
    if (pending === null) return void reply.redirect('/login', 303);
    const t = wordsIn(localeOf(request));
    const code = form.code.replaceAll(/\s/g, '');
    if (!/^\d{6}$/.test(code))
      return this.answer(request, reply, pending, { status: 422, problem: t('login.sixDigits') });
    try {
      const given = { challengeId: pending.challengeId, code };
      const [asker, client] = [askerOf(request), this.cookies.clientOf(request, reply)];
      const { token, user } = await this.signIn.withCode(given, client, asker);
      this.cookies.signIn(reply, token);
      this.devices.remember(request, reply, user.email, client.device);
      void reply.redirect(pending.next ?? '/settings', 303);
    } catch (error) {
      if (!(error instanceof DomainError) || !error.code.startsWith('auth.')) throw error;
      if (error.options.retryAfterSeconds !== undefined)
        void reply.header('retry-after', error.options.retryAfterSeconds);
      this.answer(request, reply, pending, {
        status: error.status,
        problem: problemText(error, t),
        expired: needsNewCode(error),
      });
    }
  }

  private answer(
    request: FastifyRequest,
    reply: FastifyReply,
    { maskedEmail, invitedBy, next }: PendingSignIn,
    { status, ...state }: Pick<VerifyModel, 'problem' | 'expired'> & { status: number },
  ): void {
    const model = {
      maskedEmail,
      invitedBy,
      next,
      ...state,
      capturedMail: capturedMailOf(this.config),
      lifeMinutes: codeLifeMs / minuteMs,
    };
    void reply
      .status(status)
      .type('text/html; charset=utf-8')
      .send(verifyPage(model, localeOf(request)));
  }
}
