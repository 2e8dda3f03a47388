import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Clock } from '../../platform/clock.js';
import { DomainError, errorText } from '../../platform/errors.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { CsrfProtection } from '../../platform/security/csrf-protection.js';
import type { Principal } from '../../platform/security/principal.js';
import type { StepUpRequest } from '../../platform/security/step-up.js';
import { Cookies } from '../sessions/cookies.js';
import { tooManyAttemptsMessage } from '../sign-in/sign-in-pages.js';
import { stepUpFields } from '../sign-in/step-up-page.js';
import { Passkeys } from './passkeys.js';
import { secondFactorPage, type SecondFactorPageModel } from './second-factor-page.js';
import { SecondFactorService, type SubmittedFactor } from './second-factor.service.js';
import { SecondFactorsRepository } from './second-factors.repository.js';
import { viewerOf } from '../sign-in/viewer.js';

/** Asks a person in a browser for their second factor. */
@Injectable()
export class SecondFactorStepUp {
  // eslint-disable-next-line max-params -- it asks, shows the page and hands out the session
  constructor(
    private readonly secondFactor: SecondFactorService,
    private readonly factors: SecondFactorsRepository,
    private readonly passkeys: Passkeys,
    private readonly cookies: Cookies,
    private readonly csrfProtection: CsrfProtection,
    private readonly clock: Clock,
  ) {}

  /**
   * Checks the factor that came with a form, if any. Answers the principal of the session that goes
   * on, else the page that asks.
   */
  async advance(
    { request, reply, principal }: Pick<StepUpRequest, 'request' | 'reply' | 'principal'>,
    question: Pick<SecondFactorPageModel, 'action' | 'fields' | 'why'>,
  ): Promise<Principal | { page: string; status: number }> {
    const factor = submittedFactor(request);
    if (factor === null) return { page: await this.render(principal, question, null), status: 200 };
    try {
      const { token } = await this.secondFactor.prove(principal, factor);
      this.cookies.writeSession(reply, token);
      return { ...principal, secondFactorAt: this.clock.now() };
    } catch (error) {
      if (!(error instanceof DomainError) || !error.code.startsWith('auth.')) throw error;
      if (error.options.retryAfterSeconds !== undefined)
        void reply.header('retry-after', error.options.retryAfterSeconds);
      const t = getTranslator(principal.locale);
      const problem = error.code === 'auth.too_many' ? tooManyAttemptsMessage(error, t) : errorText(t, error);
      return { page: await this.render(principal, question, problem), status: error.status };
    }
  }

  private async render(
    principal: Principal,
    question: Pick<SecondFactorPageModel, 'action' | 'fields' | 'why'>,
    problem: string | null,
  ): Promise<string> {
    const { appSince, recoveryCodesLeft } = await this.factors.find(principal.userId);
    const credentials = await this.factors.findCredentials(principal.userId);
    return secondFactorPage(
      {
        viewer: viewerOf(principal, this.csrfProtection),
        ...question,
        proofOptions:
          credentials.length === 0 ? null : await this.passkeys.proofOptions(principal, credentials),
        hasCodes: appSince !== null || recoveryCodesLeft > 0,
        problem,
      },
      principal.locale,
    );
  }
}

/** What a form carries; null when it carries no factor yet. */
function submittedFactor({ method, body }: FastifyRequest): SubmittedFactor | null {
  if (method !== 'POST') return null;
  const fields = body as FormFields | undefined;
  const factor = {
    code: textField(fields, stepUpFields.factor),
    passkey: textField(fields, stepUpFields.passkey),
  };
  return factor.code === '' && factor.passkey === '' ? null : factor;
}
