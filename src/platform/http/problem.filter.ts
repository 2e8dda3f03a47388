import { Catch, Inject, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Config, CONFIG } from '../config/config.js';
import { errorText, type ErrorCode } from '../errors.js';
import { requestLocale } from '../i18n/request-locale.js';
import { getTranslator } from '../i18n/translations.js';
import { errorPage } from '../ui/error-page.js';
import { wantsHtml } from './wants-html.js';
import { toDomainError, toProblemDocument } from './problem-document.js';

/** Where a person can do what a request was refused for. */
const pagesThatHelp: Partial<Record<ErrorCode, string>> = {
  'auth.required': '/login',
  'auth.second_factor_required': '/second-factor',
  'auth.second_factor_missing': '/settings/second-factor',
};

/** Answers every error: with a problem document, or with a page where a person is looking. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('http');

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = toDomainError(thrown);
    if (error.status >= 500)
      this.log.error({ msg: 'request.failed', code: error.code, err: error.options.cause ?? thrown });
    else if (error.code.startsWith('auth.'))
      this.log.log({ msg: 'auth.refused', code: error.code, userId: request.principal?.userId ?? null });
    const { retryAfterSeconds } = error.options;
    if (retryAfterSeconds !== undefined) void reply.header('retry-after', retryAfterSeconds);
    if (error.status === 401) void reply.header('www-authenticate', authenticateHeader(request));
    const problem = toProblemDocument(error, request.id, this.config.baseUrl);
    if (!wantsHtml(request)) {
      void reply.status(error.status).type('application/problem+json').send(JSON.stringify(problem));
      return;
    }
    const elsewhere = pagesThatHelp[error.code];
    if (elsewhere !== undefined && (request.method === 'GET' || error.code !== 'auth.required')) {
      const next = request.method === 'GET' ? `?next=${encodeURIComponent(request.url)}` : '';
      void reply.redirect(`${elsewhere}${next}`, 303);
      return;
    }
    const locale = requestLocale(request);
    if (request.stepUpPage !== undefined) {
      void reply
        .status(error.status)
        .header('cache-control', 'no-store')
        .type('text/html')
        .send(request.stepUpPage);
      return;
    }
    void reply
      .status(error.status)
      .type('text/html')
      .send(
        // the details of the table speak to programmers; the page has advice of its own
        errorPage(
          {
            ...problem,
            detail: error.options.text === undefined ? '' : errorText(getTranslator(locale), error),
            retryAfterSeconds,
          },
          this.config.baseUrl,
          locale,
        ),
      );
  }
}

/** RFC 6750: a token that does not count is distinguished from none. */
function authenticateHeader({ headers }: FastifyRequest): string {
  const wasSent = /^Bearer /i.test(headers.authorization ?? '');
  return `Bearer realm="Twofold"${wasSent ? ', error="invalid_token"' : ''}`;
}
