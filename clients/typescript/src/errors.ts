import type { components } from './generated/api.js';

/** A problem document, as the API answers it. */
export type Problem = components['schemas']['Problem'];

/** What is wrong with a field. */
export interface FieldError {
  path: string;
  message: string;
}

/** Codes of what fails on this side, before or instead of an answer of the API. */
export type ClientCode =
  'client.unreachable' | 'client.timeout' | 'client.unexpected_answer' | 'client.bad_signature';

/** Every code that is known today; a newer Twofold may answer others. */
export type ErrorCode = Problem['code'] | ClientCode | (string & {});

/**
 * A call that failed. `code` is stable, `detail` says in a sentence what to do, and `requestId`
 * finds the request in the log of Twofold. `status` is 0 where there was no answer.
 */
export class TwofoldError extends Error {
  override readonly name = 'TwofoldError';
  readonly status: number;
  readonly code: ErrorCode;
  readonly title: string;
  readonly detail: string;
  /** The page about this code. */
  readonly type: string;
  /** What is wrong with which field, for `request.invalid`. */
  readonly errors: readonly FieldError[];
  readonly requestId: string | null;
  /** How long to wait, where the answer says so. */
  readonly retryAfterSeconds: number | null;
  /** The whole problem document, with fields that only some codes have; null without one. */
  readonly problem: Problem | null;

  constructor(
    fields: { status: number; code: ErrorCode; detail: string } & Partial<ErrorFields>,
    options?: ErrorOptions,
  ) {
    super(`${fields.code}: ${fields.detail}`, options);
    this.status = fields.status;
    this.code = fields.code;
    this.detail = fields.detail;
    this.title = fields.title ?? fields.detail;
    this.type = fields.type ?? 'about:blank';
    this.errors = fields.errors ?? [];
    this.requestId = fields.requestId ?? null;
    this.retryAfterSeconds = fields.retryAfterSeconds ?? null;
    this.problem = fields.problem ?? null;
  }
}

type ErrorFields = Pick<
  TwofoldError,
  'title' | 'type' | 'errors' | 'requestId' | 'retryAfterSeconds' | 'problem'
>;

/** The error of an answer that is no success. */
export async function errorOf(response: Response): Promise<TwofoldError> {
  const text = await response.text();
  const { status, headers } = response;
  const known = {
    status,
    requestId: headers.get('x-request-id'),
    retryAfterSeconds: secondsIn(headers.get('retry-after')),
  };
  const problem = parseProblem(text);
  if (problem === null) return new TwofoldError({ ...known, ...unexpected(response, text) });
  return new TwofoldError({
    ...known,
    ...{ code: problem.code, title: problem.title, detail: problem.detail, type: problem.type },
    ...{ errors: problem.errors ?? [], requestId: problem.requestId, problem },
  });
}

function parseProblem(text: string): Problem | null {
  try {
    const body = JSON.parse(text) as Partial<Problem> | null;
    return typeof body?.code === 'string' && typeof body.detail === 'string' ? (body as Problem) : null;
  } catch {
    return null;
  }
}

function unexpected({ status, headers }: Response, text: string): { code: ClientCode; detail: string } {
  const code = 'client.unexpected_answer';
  const location = headers.get('location');
  if (location !== null)
    return {
      code,
      detail: `The address redirects to ${location}; is baseUrl right? Redirects are not followed`,
    };
  const start = text.trim().slice(0, 200);
  return {
    code,
    detail: `The answer ${status} is none of Twofold's API; is baseUrl right? It begins: ${start}`,
  };
}

/** A `Retry-After` in seconds, which may also be a date. */
function secondsIn(retryAfter: string | null): number | null {
  if (retryAfter === null || retryAfter.trim() === '') return null;
  const seconds = Number(retryAfter);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}
