import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { TwofoldError } from './errors.js';
import type { WebhookEvent } from './event-types.js';

/** The headers of a request, as the Fetch API or as Node has them. */
export type IncomingHeaders =
  { get(name: string): string | null } | Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Verifies a webhook and answers its event. `body` is the raw body, before any parsing. An event
 * may come more than once: remember its `id`. Errors: `client.bad_signature` (status 400) for a
 * webhook that is forged, changed, or older than five minutes.
 */
export function verifyWebhook(
  secret: string,
  headers: IncomingHeaders,
  body: string | Uint8Array | ArrayBuffer,
): WebhookEvent {
  if (typeof secret !== 'string' || !secret.startsWith('whsec_'))
    throw new TypeError('secret is the secret of the webhook endpoint, which begins with whsec_');
  if (typeof body !== 'string' && !(body instanceof Uint8Array) && !(body instanceof ArrayBuffer))
    throw new TypeError('body is the raw body, a text or bytes: keep it from being parsed first');
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const id = headerOf(headers, 'webhook-id');
  const signed = {
    'webhook-id': id,
    'webhook-timestamp': headerOf(headers, 'webhook-timestamp'),
    'webhook-signature': headerOf(headers, 'webhook-signature'),
  };
  try {
    const event = new Webhook(secret).verify(text, signed) as Omit<WebhookEvent, 'id'>;
    return { id, ...event } as WebhookEvent;
  } catch (cause) {
    if (!(cause instanceof WebhookVerificationError)) throw cause;
    const detail = `The webhook is refused: ${cause.message}`;
    throw new TwofoldError({ status: 400, code: 'client.bad_signature', detail }, { cause });
  }
}

function headerOf(headers: IncomingHeaders, name: string): string {
  const value = isFetchHeaders(headers) ? headers.get(name) : headers[name];
  return (Array.isArray(value) ? value.join(' ') : (value as string | null | undefined)) ?? '';
}

function isFetchHeaders(headers: IncomingHeaders): headers is { get(name: string): string | null } {
  return typeof headers.get === 'function';
}
