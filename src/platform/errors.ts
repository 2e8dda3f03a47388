/** Every way a request can fail for a reason of the domain: code → HTTP status and title. What to do about it: error-details.ts. */
export const errorTable = {
  'request.unreadable': { status: 400, title: 'The request could not be read' },
  'request.invalid': { status: 422, title: 'Some fields are not right' },
  'request.not_found': { status: 404, title: 'There is nothing here' },
  'request.too_large': { status: 413, title: 'The request is too large' },
  'request.headers_too_large': { status: 431, title: 'The headers are too large' },
  'request.timeout': { status: 408, title: 'The request did not arrive in time' },
  'request.media_type': { status: 415, title: 'This kind of content is not understood' },
  'request.method': { status: 405, title: 'This is not done here' },
  'request.idempotency_conflict': { status: 409, title: 'This Idempotency-Key was used for another request' },
  'auth.required': { status: 401, title: 'Sign in first' },
  'auth.forbidden': { status: 403, title: 'Your role does not allow this' },
  'auth.foreign_origin': { status: 403, title: 'This request came from another site' },
  'auth.step_up': { status: 403, title: 'Sign in again first' },
  'auth.code_wrong': { status: 401, title: 'That code is not right' },
  'auth.code_expired': { status: 410, title: 'That code is no longer good' },
  'auth.too_many': { status: 429, title: 'Too many tries' },
  'auth.fresh_sign_in_needed': { status: 403, title: 'Prove your present address first' },
  'auth.email_taken': { status: 409, title: 'That address belongs to an account already' },
  'auth.still_charged': { status: 409, title: 'A subscription still charges this account' },
  'referral.user_gone': { status: 404, title: 'This account no longer exists' },
  'referral.not_converted': { status: 409, title: 'This referral has not converted' },
  'referral.decided': { status: 409, title: 'Somebody has decided about this invitation already' },
  'referral.programme_paused': { status: 409, title: 'The programme is paused' },
  'referral.code_unknown': { status: 422, title: 'Nobody has that code' },
  'referral.own_code': { status: 422, title: 'That is your own code' },
  'referral.already_linked': { status: 409, title: 'This account has an invitation, or was rewarded before' },
  'referral.claim_too_late': { status: 409, title: 'It is too late to add an invitation' },
  'referral.claim_after_payment': { status: 409, title: 'Something was paid before' },
  'referral.code_taken': { status: 409, title: 'That code is taken' },
  'referral.code_refused': { status: 422, title: 'That code cannot be had' },
  'referral.codes_exhausted': { status: 500, title: 'No free referral code was found' },
  'terms.published_meanwhile': { status: 409, title: 'Other terms were published meanwhile' },
  'billing.already_subscribed': { status: 409, title: 'You have a subscription already' },
  'billing.busy': { status: 409, title: 'This is being done already' },
  'billing.no_customer': { status: 409, title: 'There is nothing to manage yet' },
  'billing.unknown_price': { status: 422, title: 'That price is not on offer' },
  'billing.stripe_unreachable': { status: 502, title: 'Stripe could not be reached' },
  'billing.stripe_refused': { status: 502, title: 'Stripe refused this' },
  'billing.stripe_key_refused': { status: 502, title: 'Payments are not set up' },
  'billing.replay_failed': { status: 409, title: 'The event failed again' },
  'billing.bad_signature': { status: 400, title: 'The signature is not right' },
  'billing.nothing_left': { status: 409, title: 'Nothing of this payment is left' },
  'billing.period_unknown': { status: 409, title: 'It is not known what this payment covered' },
  'billing.figures_moved': { status: 409, title: 'The figures have changed' },
  'credit.not_revocable': { status: 409, title: 'This entry cannot be revoked' },
  'life.merge_conflict': { status: 409, title: 'These accounts cannot be merged' },
  'life.not_undoable': { status: 409, title: 'This merge cannot be undone any more' },
  'life.other_address': { status: 422, title: 'That is not the address of this account' },
  'settings.no_backup': { status: 404, title: 'There is no backup' },
  'settings.backup_stale': { status: 412, title: 'The backup has changed since you read it' },
  'platform.unavailable': { status: 503, title: 'Twofold is not available for a moment' },
  'platform.internal': { status: 500, title: 'Something went wrong on our side' },
} as const satisfies Record<string, { status: number; title: string }>;

/** The stable `code` of a problem. */
export type ErrorCode = keyof typeof errorTable;

/**
 * What may go with an error; `facts` are added to the problem document (camelCase, no secrets). `isFinal`: the same work will
 * fail again as it is, so a job is not tried again.
 */
export interface ErrorOptions {
  detail?: string;
  errors?: { path: string; message: string }[];
  facts?: Record<string, unknown>;
  retryAfterSeconds?: number;
  isFinal?: boolean;
  cause?: unknown;
}

/** The one error of the domain: a code from {@link errorTable} and what a caller can do about it. */
export class DomainError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly options: ErrorOptions = {},
  ) {
    super(options.detail ?? errorTable[code].title, { cause: options.cause });
  }

  get status(): number {
    return errorTable[this.code].status;
  }
}
