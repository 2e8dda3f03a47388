import { HttpException } from '@nestjs/common';
import { isUnavailable } from '../database/sqlstate.js';
import { errorDetails, DomainError, errorTable, type ErrorCode } from '../errors.js';

/**
 * RFC 9457 problem document. `detail` says in a sentence what to do; `type` leads to the page about
 * the code.
 */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  code: ErrorCode;
  detail: string;
  errors?: { path: string; message: string }[];
  requestId: string;
  [fact: string]: unknown;
}

const codesByStatus: Record<number, ErrorCode> = {
  400: 'request.unreadable',
  403: 'request.not_found', // a file outside of its folder
  404: 'request.not_found',
  405: 'request.method',
  408: 'request.timeout',
  413: 'request.too_large',
  414: 'request.not_found', // no path of this site is that long
  415: 'request.media_type',
  422: 'request.invalid',
};

/**
 * Any thrown value as an error of the domain. What is not the caller's mistake is
 * `platform.unavailable` where the database is out of reach, which a repository reports in its own
 * words, and otherwise `platform.internal`.
 */
export function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const status = error instanceof HttpException ? error.getStatus() : fastifyStatus(error);
  if (status === undefined || status < 400 || status >= 500)
    return new DomainError(isUnavailable(error) ? 'platform.unavailable' : 'platform.internal', {
      cause: error,
    });
  return new DomainError(codesByStatus[status] ?? 'request.unreadable', { cause: error });
}

/** What went wrong, and what to do about it; the part of a problem document without its request. */
export function describeProblem(
  error: DomainError,
): Pick<ProblemDocument, 'title' | 'status' | 'code' | 'detail'> {
  const { code, options } = error;
  const { title, status } = errorTable[code];
  const isPrecise = options.detail !== undefined || options.text !== undefined;
  return { title, status, code, detail: isPrecise ? error.message : errorDetails[code] };
}

/** The document that answers `error`. `baseUrl` is where the page about its code is served. */
export function toProblemDocument(error: DomainError, requestId: string, baseUrl: string): ProblemDocument {
  const { errors, extensions, retryAfterSeconds } = error.options;
  return {
    type: `${baseUrl}/api/errors#${error.code}`,
    ...describeProblem(error),
    ...(errors === undefined ? {} : { errors }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...extensions,
    requestId,
  };
}

function fastifyStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}
