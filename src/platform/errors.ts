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
  extensions?: Record<string, unknown>;
  retryAfterSeconds?: number;
  isPermanent?: boolean;
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

/** What to do about each error, in one sentence for programmers; an error may say it more precisely. */
export const errorDetails: Readonly<Record<ErrorCode, string>> = {
  'request.unreadable': 'Check the body and the address: one of them is not well-formed.',
  'request.invalid': 'Correct the fields that errors names, then send the request again.',
  'request.not_found': 'Check the address and the id: nothing that you may see is there.',
  'request.too_large': 'Send at most 64 KiB; only backups and webhooks may be larger.',
  'request.headers_too_large': 'Send at most 16 KiB of headers and address together.',
  'request.timeout': 'Send the whole request again, without a pause.',
  'request.media_type': 'Send the body as application/json, or a form as application/x-www-form-urlencoded.',
  'request.method': 'Use one of the methods that the Allow header names.',
  'request.idempotency_conflict': 'Send another Idempotency-Key with another body.',
  'auth.required': 'Sign in, and send the session token as a bearer token.',
  'auth.forbidden': 'Ask an admin to do this, or to give you a role that may.',
  'auth.foreign_origin': 'Send this from the site itself, or with a bearer token.',
  'auth.step_up': 'Sign in again, then repeat this.',
  'auth.code_wrong': 'Check the six digits of the newest e-mail, and try again.',
  'auth.code_expired': 'Ask for a new code.',
  'auth.too_many': 'Wait for the time that Retry-After names, then try again.',
  'auth.fresh_sign_in_needed':
    'Prove your present address, too: ask for a code to it, and send currentChallengeId and currentCode.',
  'auth.email_taken': 'Use another address, or sign in to the account that has it.',
  'auth.still_charged': 'Cancel the subscription first, then erase the account once it has ended.',
  'referral.user_gone': 'Choose another account: this one was erased or merged.',
  'referral.not_converted': 'Wait until the invited person has paid.',
  'referral.decided': 'Reopen the decision first, then decide again.',
  'referral.programme_paused': 'Try again when the programme is on.',
  'referral.code_unknown': 'Check the spelling of the code with the person who invited you.',
  'referral.own_code': 'Use the code of the person who invited you.',
  'referral.already_linked': 'Nothing can be changed: an account has at most one invitation.',
  'referral.claim_too_late': 'Ask support whether the invitation can still be added.',
  'referral.claim_after_payment':
    'Nothing can be changed: an invitation counts only when it is added before the first payment.',
  'referral.code_taken': 'Choose another code.',
  'referral.code_refused': 'Choose another code.',
  'referral.codes_exhausted': 'Try again; if it happens again, tell support the requestId.',
  'terms.published_meanwhile': 'Read the newest terms, and decide again.',
  'billing.already_subscribed': 'Open the billing portal to change the subscription that you have.',
  'billing.busy': 'Wait a few seconds, then try again.',
  'billing.no_customer': 'Buy a subscription first.',
  'billing.unknown_price': 'Choose a price that GET /api/v1/billing/plans lists.',
  'billing.stripe_unreachable': 'Try again in a minute.',
  'billing.stripe_refused': 'Ask support, and name the request id: the same request will be refused again.',
  'billing.stripe_key_refused':
    'Ask the operator to set a Stripe key that works and has the rights it needs.',
  'billing.replay_failed': "Look at the event's failure in the log, fix its cause, then replay it again.",
  'billing.bad_signature': 'Sign the raw body with the webhook secret, and send it within five minutes.',
  'billing.nothing_left': 'Choose another payment: this one was refunded or credited as a whole.',
  'billing.period_unknown': 'Refund this payment at Stripe instead.',
  'billing.figures_moved': 'Look at the preview again, and decide on what it shows now.',
  'credit.not_revocable': 'Choose a grant that has not been revoked.',
  'life.merge_conflict': 'Check which accounts belong to this person, and merge those.',
  'life.not_undoable': 'Nothing can be undone: too much has happened to the account since.',
  'life.other_address': 'Type the address of the account that you want to erase.',
  'settings.no_backup': 'Save a backup first, or read the list of its revisions.',
  'settings.backup_stale': 'Read the backup again, and send its revision as If-Match.',
  'platform.unavailable': 'Try again in a few seconds.',
  'platform.internal': 'Try again; if it happens again, tell support the requestId.',
};
