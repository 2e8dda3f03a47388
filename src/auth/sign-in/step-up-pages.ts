import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { capturedMailOf } from '../../notifications/index.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { maskEmail } from '../../platform/email-address.js';
import type { FormFields } from '../../platform/http/form-fields.js';
import { CsrfProtection } from '../../platform/security/csrf-protection.js';
import type { Principal } from '../../platform/security/principal.js';
import { publicName } from '../users/users.repository.js';
import { stepUpFields, stepUpPage } from './step-up-page.js';

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
  render(request: FastifyRequest, principal: Principal, step: CodeStep): string {
    const isForm = request.method === 'POST';
    const { role, locale } = principal;
    return stepUpPage(
      {
        ...step,
        viewer: { label: publicName(principal), role, csrf: this.csrfProtection.csrfToken(principal) },
        action: isForm ? request.url : '/admin/confirm',
        fields: isForm ? typedFields(request.body) : [['next', request.url]],
        maskedEmail: maskEmail(principal.email),
        recentHours: this.config.recentSignInHours,
        capturedMail: capturedMailOf(this.config),
      },
      locale,
    );
  }
}

const ownFields = new Set<string>(['_csrf', ...Object.values(stepUpFields)]);

/** The fields of the form that a person sent, in their order; a name that came twice stays so. */
function typedFields(body: unknown): [name: string, value: string][] {
  const fields = Object.entries((body ?? {}) as FormFields).filter(([name]) => !ownFields.has(name));
  return fields.flatMap(([name, value]) =>
    [value].flat().flatMap((own): [string, string][] => (typeof own === 'string' ? [[name, own]] : [])),
  );
}
