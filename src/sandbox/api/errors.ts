/**
 * What went wrong, as Stripe says it. *shape* `status` of HTTP; the rest is the `error` object of
 * the answer.
 */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly type: 'invalid_request_error' | 'idempotency_error' | 'api_error' | 'card_error',
    message: string,
    readonly code?: string,
    readonly param?: string,
  ) {
    super(message);
  }

  /** The body of the answer. */
  get body() {
    const { type, code, message, param } = this;
    return {
      error: { type, ...(code !== undefined && { code }), message, ...(param !== undefined && { param }) },
    };
  }
}

/** No such object: 404 when the path names it, 400 when a parameter does. */
export function notFoundError(kind: string, id: string, param = 'id', inPath = param === 'id'): ApiError {
  return new ApiError(
    inPath ? 404 : 400,
    'invalid_request_error',
    `No such ${kind}: '${id}'`,
    'resource_missing',
    param,
  );
}

/** A parameter with a value that does not fit, or a combination that the sandbox does not know. */
export function invalidParamError(param: string, message: string, code = 'parameter_invalid'): ApiError {
  return new ApiError(400, 'invalid_request_error', message, code, param);
}

/** A required parameter is not there. */
export function missingParamError(param: string): ApiError {
  return new ApiError(
    400,
    'invalid_request_error',
    `Missing required param: ${param}.`,
    'parameter_missing',
    param,
  );
}

/**
 * A card that declined, or wants its holder to confirm. Answered, not thrown: what it left behind
 * is kept.
 */
export function cardError(
  needsAction: boolean,
  code = needsAction ? 'authentication_required' : 'card_declined',
) {
  const message = needsAction
    ? 'Your card was declined. This transaction requires authentication.'
    : 'Your card was declined.';
  return new ApiError(402, 'card_error', message, code);
}

/** A request that is well formed but impossible in the object's present state. */
export function invalidStateError(message: string, code?: string): ApiError {
  return new ApiError(400, 'invalid_request_error', message, code);
}

/** The answer to a bug of the sandbox itself, which is logged. */
export function internalError(error: unknown, log: (line: string) => void): ApiError {
  log(`sandbox: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return new ApiError(500, 'api_error', 'The sandbox itself failed; its log says why.');
}
