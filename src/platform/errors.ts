import { fallbackLocale, getTranslator, type MessageValues, type Translate } from './i18n/translations.js';
import { formatMoney, type Money } from './money.js';

/**
 * Every way a request can fail for a reason of the domain: code → HTTP status and title. What to do
 * about it: error-details.ts.
 */
export const errorTable = {
  'request.unreadable': { status: 400, title: 'The request is malformed' },
  'request.invalid': { status: 422, title: 'Some fields are invalid' },
  'request.not_found': { status: 404, title: 'Not found' },
  'request.too_large': { status: 413, title: 'The request is too large' },
  'request.headers_too_large': { status: 431, title: 'The headers are too large' },
  'request.timeout': { status: 408, title: 'The request timed out' },
  'request.media_type': { status: 415, title: 'Unsupported content type' },
  'request.method': { status: 405, title: 'Method not allowed' },
  'request.idempotency_conflict': { status: 409, title: 'This Idempotency-Key was used for another request' },
  'auth.required': { status: 401, title: 'Sign in first' },
  'auth.forbidden': { status: 403, title: 'Your role does not allow this' },
  'auth.foreign_origin': { status: 403, title: 'This request came from another site' },
  'auth.step_up': { status: 403, title: 'Please sign in again' },
  'auth.second_factor_required': { status: 403, title: 'Prove your second factor first' },
  'auth.second_factor_missing': { status: 403, title: 'Add a second factor first' },
  'auth.second_factor_wrong': { status: 401, title: 'That second factor is not correct' },
  'auth.last_second_factor': { status: 409, title: 'Staff need a second factor here' },
  'auth.passkey_taken': { status: 409, title: 'This passkey was added before' },
  'auth.staff_invitation_gone': { status: 410, title: 'This invitation is no longer valid' },
  'auth.staff_invitation_of_another': { status: 403, title: 'This invitation is for another address' },
  'auth.code_wrong': { status: 401, title: 'That code is not correct' },
  'auth.code_expired': { status: 410, title: 'That code has expired' },
  'auth.too_many': { status: 429, title: 'Too many attempts' },
  'auth.fresh_sign_in_needed': { status: 403, title: 'Confirm your current address first' },
  'auth.email_taken': { status: 409, title: 'That address already belongs to an account' },
  'auth.key_refused': { status: 401, title: 'This API key is not valid' },
  'auth.scope_missing': { status: 403, title: 'This API key lacks a scope' },
  'auth.key_without_origins': { status: 409, title: 'This API key lists no origin' },
  'auth.token_refused': { status: 401, title: 'This person token is not valid' },
  'auth.token_limited': { status: 403, title: 'A person token does not open this route' },
  'auth.sso_unreadable': { status: 400, title: 'This link is incomplete' },
  'auth.sso_refused': { status: 401, title: 'This link is not valid' },
  'auth.sso_expired': { status: 410, title: 'This link has expired' },
  'auth.sso_needs_code': { status: 403, title: 'Please sign in with a code' },
  'auth.sso_keys_unreachable': { status: 502, title: 'We could not check this link' },
  'auth.still_charged': { status: 409, title: 'This account has an active subscription' },
  'referral.user_gone': { status: 404, title: 'This account no longer exists' },
  'referral.not_converted': { status: 409, title: 'This referral has not converted' },
  'referral.decided': { status: 409, title: 'This invitation is already decided' },
  'referral.rule_changed': { status: 409, title: 'This rule was changed meanwhile' },
  'referral.undo_too_late': { status: 409, title: 'It is too late to undo this decision' },
  'referral.programme_paused': { status: 409, title: 'The programme is paused' },
  'referral.code_unknown': { status: 422, title: 'That code does not exist' },
  'referral.own_code': { status: 422, title: 'That is your own code' },
  'referral.already_linked': { status: 409, title: 'This account already has an invitation or a reward' },
  'referral.claim_too_late': { status: 409, title: 'It is too late to add an invitation' },
  'referral.claim_after_payment': { status: 409, title: 'This account has already paid' },
  'referral.code_taken': { status: 409, title: 'That code is taken' },
  'referral.code_refused': { status: 422, title: 'That code is not allowed' },
  'referral.codes_exhausted': { status: 500, title: 'No free referral code was found' },
  'terms.published_meanwhile': { status: 409, title: 'Newer terms have been published' },
  'stats.not_stored': { status: 503, title: 'The totals are still being added up' },
  'billing.already_subscribed': { status: 409, title: 'You already have a subscription' },
  'billing.busy': { status: 409, title: 'This is already in progress' },
  'billing.no_customer': { status: 409, title: 'There is nothing to manage yet' },
  'billing.unknown_price': { status: 422, title: 'That price is not available' },
  'billing.stripe_unreachable': { status: 502, title: 'Stripe could not be reached' },
  'billing.stripe_refused': { status: 502, title: 'Stripe rejected this' },
  'billing.stripe_key_refused': { status: 502, title: 'Payments are not set up' },
  'billing.replay_failed': { status: 409, title: 'The event failed again' },
  'billing.bad_signature': { status: 400, title: 'The signature is not valid' },
  'billing.nothing_left': { status: 409, title: 'This payment is used up' },
  'billing.period_unknown': { status: 409, title: 'The period of this payment is unknown' },
  'billing.preview_changed': { status: 409, title: 'The preview has changed' },
  'credit.not_revocable': { status: 409, title: 'This entry cannot be revoked' },
  'accounts.merge_conflict': { status: 409, title: 'These accounts cannot be merged' },
  'accounts.not_undoable': { status: 409, title: 'This merge can no longer be undone' },
  'accounts.other_address': { status: 422, title: 'That is not the address of this account' },
  'payment.conflict': { status: 409, title: 'This was reported with other facts' },
  'person.email_taken': { status: 409, title: 'That address belongs to another person' },
  'person.email_unverified': { status: 409, title: 'That address belongs to an account here' },
  'person.customer_taken': { status: 409, title: 'That customer belongs to another person' },
  'settings.no_backup': { status: 404, title: 'There is no backup' },
  'settings.backup_stale': { status: 412, title: 'The backup has changed since you read it' },
  'webhooks.url_refused': { status: 422, title: 'That URL is not allowed' },
  'webhooks.too_many_endpoints': { status: 409, title: 'There are too many webhook endpoints' },
  'webhooks.endpoint_disabled': { status: 409, title: 'This webhook endpoint is disabled' },
  'webhooks.event_gone': { status: 410, title: 'That event is not stored' },
  'platform.unavailable': { status: 503, title: 'Twofold is temporarily unavailable' },
  'platform.internal': { status: 500, title: 'Something went wrong on our side' },
} as const satisfies Record<string, { status: number; title: string }>;

/** The stable `code` of a problem. */
export type ErrorCode = keyof typeof errorTable;

/**
 * A sentence of the translations, by its key and what it is filled with; money is written in the
 * reader's language.
 */
export interface ErrorText {
  key: string;
  values?: Readonly<Record<string, MessageValues[string] | Money>>;
}

/**
 * What may go with an error; `extensions` are added to the problem document (camelCase, no
 * secrets). `text` is what people read on pages, in their language, without one the title of the
 * code; in English it is also the detail. `isPermanent`: the same work would fail again, so a job
 * is not retried.
 */
export interface ErrorOptions {
  detail?: string;
  text?: ErrorText | readonly ErrorText[];
  errors?: { path: string; message: string }[];
  extensions?: Record<string, unknown>;
  retryAfterSeconds?: number;
  isPermanent?: boolean;
  cause?: unknown;
}

/**
 * The one error of the domain: a code from {@link errorTable} and what a caller can do about it.
 */
export class DomainError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly options: ErrorOptions = {},
  ) {
    const text = options.text === undefined ? null : sayText(getTranslator(fallbackLocale), options.text);
    super(options.detail ?? text ?? errorTable[code].title, { cause: options.cause });
  }

  get status(): number {
    return errorTable[this.code].status;
  }
}

/** What went wrong, in a language: the sentence of the error, or what its code means. */
export function errorText(t: Translate, { code, options }: DomainError): string {
  return options.text === undefined ? errorTitle(t, code) : sayText(t, options.text);
}

/** What a code means, in a language. */
export function errorTitle(t: Translate, code: ErrorCode): string {
  return t(`problem.${code}`);
}

/** The sentences of an error, in a language. */
export function sayText(t: Translate, text: ErrorText | readonly ErrorText[]): string {
  return [text]
    .flat()
    .map(({ key, values = {} }) => t(key, formatValues(t, values)))
    .join(' ');
}

function formatValues({ locale }: Translate, values: NonNullable<ErrorText['values']>): MessageValues {
  const isMoney = (value: unknown): value is Money =>
    typeof value === 'object' && value !== null && 'currency' in value;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      isMoney(value) ? formatMoney(value, locale) : value,
    ]),
  );
}

/**
 * What to do about each error, in one sentence for programmers; an error may say it more precisely.
 */
export const errorDetails: Readonly<Record<ErrorCode, string>> = {
  'request.unreadable': 'Check the body and the URL: one of them is malformed.',
  'request.invalid': 'Correct the fields listed in errors, then send the request again.',
  'request.not_found': 'Check the URL and the id: nothing that you may see is there.',
  'request.too_large': 'Send at most 64 KiB; only backups and webhooks may be larger.',
  'request.headers_too_large': 'Send at most 16 KiB of headers and URL together.',
  'request.timeout': 'Send the whole request again, without a pause.',
  'request.media_type': 'Send the body as application/json, or a form as application/x-www-form-urlencoded.',
  'request.method': 'Use one of the methods in the Allow header.',
  'request.idempotency_conflict': 'Use a new Idempotency-Key for a different body.',
  'auth.required': 'Sign in, and send the session token as a bearer token.',
  'auth.forbidden': 'Ask an admin to do this, or to change your role.',
  'auth.foreign_origin': 'Send this from the site itself, or with a bearer token.',
  'auth.step_up': 'Sign in again, then repeat the request.',
  'auth.second_factor_required':
    'Send a code of your app, or a recovery code, to POST /api/v1/auth/second-factor, and use the token it answers.',
  'auth.second_factor_missing': 'Add a passkey or an authenticator app at /settings/second-factor.',
  'auth.second_factor_wrong': 'Send the newest code of your app, or a recovery code that was not used.',
  'auth.last_second_factor': 'Add another second factor before you remove this one.',
  'auth.passkey_taken': 'Use another device or security key.',
  'auth.staff_invitation_gone': 'Ask an admin for a new invitation.',
  'auth.staff_invitation_of_another': 'Sign in with the address that the invitation was sent to.',
  'auth.code_wrong': 'Check the six digits in the newest email and try again.',
  'auth.code_expired': 'Request a new code.',
  'auth.too_many': 'Wait for the time in Retry-After, then try again.',
  'auth.fresh_sign_in_needed':
    'Confirm your current address, too: request a code for it, and send currentChallengeId and currentCode.',
  'auth.email_taken': 'Use another address, or sign in to the account that has it.',
  'auth.key_refused': 'Send a key that was not revoked and has not expired, as a bearer token.',
  'auth.scope_missing': 'Use a key with the scope that detail names.',
  'auth.key_without_origins':
    'Make a key that lists the origins of your pages, with npx twofold api-keys create --origin or in the console.',
  'auth.token_refused': 'Let your server ask for a new token: POST /api/v1/people/{externalId}/tokens.',
  'auth.token_limited':
    'Use a person token for the own referral, invites, code and credit only; your server reads the rest with its key.',
  'auth.sso_unreadable': 'Send the person to /sso?token=…, with a signed JWT as the token.',
  'auth.sso_refused':
    'Check the signature and the claims sub, aud, iss, jti, iat and exp; the log of Twofold says which one is wrong.',
  'auth.sso_expired': 'Sign a new token for each visit: it counts once, and for five minutes at most.',
  'auth.sso_needs_code': 'Sign in with an emailed code at /login, as all staff do.',
  'auth.sso_keys_unreachable': 'Check that SSO_JWKS_URL answers the keys as JSON within five seconds.',
  'auth.still_charged': 'Cancel the subscription first, then erase the account once it has ended.',
  'referral.user_gone': 'Choose another account, as this one was erased or merged.',
  'referral.not_converted': 'Wait until the invited person has paid.',
  'referral.decided': 'Reopen the decision first, then decide again.',
  'referral.rule_changed': 'Look at the rule as it is now, then decide again.',
  'referral.undo_too_late':
    'Reopen the referral: that takes the decision back, and both people get an email.',
  'referral.programme_paused': 'Try again when the programme runs again.',
  'referral.code_unknown': 'Check the spelling of the code with the person who invited you.',
  'referral.own_code': 'Use the code of the person who invited you.',
  'referral.already_linked': 'You cannot change this: an account has at most one invitation.',
  'referral.claim_too_late': 'Ask support whether the invitation can still be added.',
  'referral.claim_after_payment':
    'You cannot change this: an invitation must be added before the first payment.',
  'referral.code_taken': 'Choose another code.',
  'referral.code_refused': 'Choose another code.',
  'referral.codes_exhausted': 'Try again, and if it happens again, send the requestId to support.',
  'terms.published_meanwhile': 'Read the newest terms and decide again.',
  'stats.not_stored': 'Try again in a minute: a worker adds up the totals of all people.',
  'billing.already_subscribed':
    'Open the billing portal to change your subscription, or change it where you pay for it.',
  'billing.busy': 'Wait a few seconds, then try again.',
  'billing.no_customer': 'Subscribe first.',
  'billing.unknown_price': 'Choose a price from GET /api/v1/billing/plans.',
  'billing.stripe_unreachable': 'Try again in a minute.',
  'billing.stripe_refused':
    'Contact support with the requestId, as Stripe will reject the same request again.',
  'billing.stripe_key_refused': 'Ask the operator to set a valid Stripe key with the permissions it needs.',
  'billing.replay_failed': 'Find the cause in the log, fix it, then replay the event again.',
  'billing.bad_signature': 'Sign the raw body with the webhook secret and send it within five minutes.',
  'billing.nothing_left': 'Choose another payment, as this one was fully refunded or credited.',
  'billing.period_unknown': 'Refund this payment at Stripe instead.',
  'billing.preview_changed': 'Check the new preview and decide again.',
  'credit.not_revocable': 'Choose a grant that has not been revoked.',
  'accounts.merge_conflict': 'Check which accounts belong to this person, and merge those.',
  'accounts.not_undoable': 'It cannot be undone, because the account has changed since then.',
  'accounts.other_address': 'Enter the email address of the account that you want to erase.',
  'payment.conflict':
    'Send what was reported first, or give what is another payment, refund or subscription an id of its own.',
  'person.email_taken':
    'Use the external id that the address belongs to, or change the address of that person first.',
  'person.email_unverified':
    'Send emailVerified: true once the person has proven the address; then the account becomes theirs.',
  'person.customer_taken': 'Find out whose customer it is: people are never merged by a request.',
  'settings.no_backup': 'Save a backup first, or list its revisions.',
  'settings.backup_stale': 'Read the backup again and send its revision as If-Match.',
  'webhooks.url_refused':
    'Use an https URL without a user name or password, whose host has a public address.',
  'webhooks.too_many_endpoints': 'Delete an endpoint that is no longer used, then try again.',
  'webhooks.endpoint_disabled': 'Enable the endpoint first, then try again.',
  'webhooks.event_gone':
    'It is unknown, or was deleted because of its age: read the feed from its beginning, without after.',
  'platform.unavailable': 'Try again in a few seconds.',
  'platform.internal': 'Try again, and if it happens again, send the requestId to support.',
};
