import type { FastifyReply } from 'fastify';
import type { Params } from '../api/params.js';
import type { SandboxContext } from '../context.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { CustomerTexts } from './customer-texts.js';

/** What a page answers: HTML, or where to go next. */
export type PageResponse = { html: string; status?: number; leadsTo?: string | null } | { goTo: string };

/** A visit to a page: the id in its path, the fields of its form, and the work it may do. */
export interface PageRequest {
  id: string;
  fields: Params;
  unitOfWork: UnitOfWork;
  context: SandboxContext;
  /** The texts of the pages that customers see, in their language. */
  t: CustomerTexts;
}

/** One page, or what a form on it does. */
export interface PageRoute {
  method: 'GET' | 'POST';
  path: string;
  handle: (pageRequest: PageRequest) => Promise<PageResponse>;
}

/**
 * Sends a page. `formTarget` is where a form on it may end up outside of the sandbox: browsers
 * apply `form-action` to the redirect that follows a form, too.
 */
export function sendPage(
  reply: FastifyReply,
  html: string,
  status = 200,
  formTarget: string | null = null,
): FastifyReply {
  const formAction = formTarget === null ? "'self'" : `'self' ${new URL(formTarget).origin}`;
  return reply
    .code(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'self'; img-src data:; form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`,
      'x-content-type-options': 'nosniff',
      // Not no-referrer: it would make browsers send `Origin: null` with our own forms.
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    .send(html);
}
