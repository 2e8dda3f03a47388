import type { FastifyReply } from 'fastify';

/**
 * Sends a page. `leadsTo` is where a form on it may end up outside of the sandbox: browsers apply `form-action` to the
 * redirect that follows a form, too.
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
