import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { capturedMailOf } from '../../notifications/index.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { maskEmail } from '../../platform/email-address.js';
import type { FormFields } from '../../platform/http/form-fields.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { CsrfProtection } from '../../platform/security/csrf-protection.js';
import type { Principal } from '../../platform/security/principal.js';
import { stepUpFields, stepUpPage } from './step-up-page.js';
import { viewerOf } from './viewer.js';

/** Where the question for a code stands. `challengeId` is the one that was, or will be, sent. */
export interface CodeStep {
  challengeId: string;
  isSent: boolean;
  problem: string | null;
}

/** Makes the pages that ask for a code. */
@Injectable()
export class StepUpPages {
  constructor(
    private readonly csrfProtection: CsrfProtection,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The page for a step. A form comes back to its own address; a page is opened afterwards. */
  render(request: FastifyRequest, principal: Principal, step: CodeStep, why: string): string {
    return stepUpPage(
      {
        ...step,
        viewer: viewerOf(principal, this.csrfProtection),
        ...pendingForm(request),
        why,
        maskedEmail: maskEmail(principal.email),
        capturedMail: capturedMailOf(this.config),
      },
      principal.locale,
    );
  }
}

/** The form that goes on after a step-up: the one that was sent, or one that opens the page. */
export function pendingForm({ method, url, body }: FastifyRequest): {
  action: string;
  fields: [name: string, value: string][];
} {
  return method === 'POST'
    ? { action: url, fields: typedFields(body) }
    : { action: '/admin/confirm', fields: [['next', url]] };
}

/** Why a step-up is asked for, as far as its age says. */
export function whyStepUp({ locale }: Principal, minutes: number): string {
  const t = getTranslator(locale);
  return minutes < 60 ? t('stepUp.whyNow') : t('stepUp.why', { hours: minutes / 60 });
}

const ownFields = new Set<string>(['_csrf', ...Object.values(stepUpFields)]);

/** The fields of the form that a person sent, in their order; a name that came twice stays so. */
function typedFields(body: unknown): [name: string, value: string][] {
  const fields = Object.entries((body ?? {}) as FormFields).filter(([name]) => !ownFields.has(name));
  return fields.flatMap(([name, value]) =>
    [value].flat().flatMap((own): [string, string][] => (typeof own === 'string' ? [[name, own]] : [])),
  );
}
