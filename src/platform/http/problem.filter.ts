import { Catch, Inject, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config.js';
import { localeOf } from '../locale/request-locale.js';
import { errorPage } from '../pages/error-page.js';
import { CONFIG } from '../tokens.js';
import { asDomainError, problemOf } from './problem.js';

/** Answers every error: with a problem document, or with a page where a person is looking. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('http');

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = asDomainError(thrown);
    if (error.status >= 500)
      this.log.error({ msg: 'request.failed', code: error.code, err: error.options.cause ?? thrown });
    else if (error.code.startsWith('auth.'))
      this.log.log({ msg: 'auth.refused', code: error.code, userId: request.principal?.userId ?? null });
    const { retryAfterSeconds } = error.options;
    if (retryAfterSeconds !== undefined) void reply.header('retry-after', retryAfterSeconds);
    if (!isForAPerson(request)) {
      void reply
        .status(error.status)
        .type('application/problem+json')
        .send(JSON.stringify(problemOf(error, request.id)));
      return;
    }
    if (error.code === 'auth.required' && request.method === 'GET') {
      void reply.redirect(`/login?next=${encodeURIComponent(request.url)}`, 303);
      return;
    }
    void reply
      .status(error.status)
      .type('text/html')
      .send(
        errorPage(
          { ...problemOf(error, request.id), retryAfterSeconds },
          this.config.baseUrl,
          localeOf(request),
        ),
      );
  }
}

function isForAPerson(request: FastifyRequest): boolean {
  if (/^\/(api|webhooks|health|metrics)(\/|$|\?)/.test(request.url)) return false;
  return request.headers.accept?.includes('text/html') ?? false;
}
