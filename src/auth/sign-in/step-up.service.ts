import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Clock } from '../../platform/clock.js';
import { DomainError } from '../../platform/errors.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { isId } from '../../platform/ids.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import type { Principal } from '../../platform/security/principal.js';
import { StepUp, type StepUpRequest } from '../../platform/security/step-up.js';
import { SecondFactorStepUp } from '../second-factor/second-factor-step-up.js';
import { Cookies } from '../sessions/cookies.js';
import { ChallengeService } from './challenge.service.js';
import { requesterOf } from './requester.js';
import { needsNewCode, signInErrorMessage } from './sign-in-pages.js';
import { SignInService } from './sign-in.service.js';
import { stepUpFields } from './step-up-page.js';
import { pendingForm, StepUpPages, whyStepUp, type CodeStep } from './step-up-pages.js';

/** Asks for the second factor of a person, and, who has none, for a code of their mailbox. */
@Injectable()
export class StepUpService extends StepUp {
  // eslint-disable-next-line max-params -- two ways of proving who one is
  constructor(
    private readonly challengeService: ChallengeService,
    private readonly signInService: SignInService,
    private readonly cookies: Cookies,
    private readonly pages: StepUpPages,
    private readonly secondFactor: SecondFactorStepUp,
    private readonly clock: Clock,
  ) {
    super();
  }

  async advance(at: StepUpRequest): Promise<Principal | { page: string }> {
    const why = whyStepUp(at.principal, at.minutes);
    return at.principal.hasSecondFactor
      ? this.secondFactor.advance(at, { ...pendingForm(at.request), why })
      : this.advanceByCode(at, why);
  }

  private async advanceByCode(at: StepUpRequest, why: string): Promise<Principal | { page: string }> {
    const { request, reply, principal } = at;
    try {
      const fields = request.method === 'POST' ? (request.body as FormFields | undefined) : undefined;
      const step = await this.takeStep(at, fields);
      return 'userId' in step ? step : { page: this.pages.render(request, principal, step, why) };
    } catch (error) {
      if (!(error instanceof DomainError) || !error.code.startsWith('auth.')) throw error;
      if (error.options.retryAfterSeconds !== undefined)
        void reply.header('retry-after', error.options.retryAfterSeconds);
      const step = this.stepAfter(error, request, principal);
      return { page: this.pages.render(request, principal, step, why) };
    }
  }

  private async takeStep(at: StepUpRequest, fields: FormFields | undefined): Promise<Principal | CodeStep> {
    const formId = textField(fields, stepUpFields.challenge);
    if (textField(fields, stepUpFields.send) !== '') return this.sendCode(at, formId);
    const typed = textField(fields, stepUpFields.code);
    if (!isId(formId) || typed === '') return this.firstStep(null);
    const code = typed.replaceAll(/\s/g, '');
    const t = getTranslator(at.principal.locale);
    if (!/^\d{6}$/.test(code)) return { challengeId: formId, isSent: true, problem: t('login.sixDigits') };
    return this.signInAgain(at, { challengeId: formId, code });
  }

  private async sendCode({ request, principal }: StepUpRequest, formId: string): Promise<CodeStep> {
    const { challengeId } = await this.challengeService.requestCode({
      email: principal.email,
      referralCode: null,
      requester: requesterOf(request),
      locale: principal.locale,
      formId,
    });
    return { challengeId, isSent: true, problem: null };
  }

  private async signInAgain(
    { request, reply, principal }: StepUpRequest,
    submitted: { challengeId: string; code: string },
  ): Promise<Principal> {
    const client = this.cookies.clientInfoOf(request, reply);
    const session = await this.signInService.signInAgain(submitted, principal, client, requesterOf(request));
    this.cookies.writeSession(reply, session.token);
    const { sessionId } = session;
    return { ...principal, sessionId, signedInAt: this.clock.now(), provesEmail: true };
  }

  private firstStep(problem: string | null): CodeStep {
    return { challengeId: this.challengeService.newFormId(), isSent: false, problem };
  }

  /** What to show after a refusal: the code again, or, where only a new one helps, the button. */
  private stepAfter(error: DomainError, request: FastifyRequest, { locale }: Principal): CodeStep {
    const fields = request.body as FormFields | undefined;
    const problem = signInErrorMessage(error, getTranslator(locale));
    const isSent = textField(fields, stepUpFields.code) !== '' && !needsNewCode(error);
    return isSent
      ? { challengeId: textField(fields, stepUpFields.challenge), isSent, problem }
      : this.firstStep(problem);
  }
}
