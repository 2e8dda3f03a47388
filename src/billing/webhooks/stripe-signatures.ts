import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type Stripe from 'stripe';
import { Clock } from '../../platform/clock.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { DomainError } from '../../platform/errors.js';
import { parseSignedJson } from '../../platform/http/safe-json.js';
import { STRIPE } from '../stripe/stripe-client.js';

/**
 * A delivery whose signature holds. `digest` identifies the content, to compare later deliveries of
 * the same id.
 */
export interface SignedEvent {
  id: string;
  type: string;
  createdAt: Date;
  account: string | null;
  livemode: boolean | null;
  isThin: boolean;
  object: unknown;
  digest: Buffer;
  payload: string;
}

const signatureToleranceSeconds = 300;
/** Stripe's own objects are far less deep. */
const maxEventDepth = 100;
/** Ids and types of Stripe's, of a length that can be a key. */
const idPattern = /^[\w.-]{1,255}$/;
/** The end of the year 9999. */
const maxTimestampMs = 253_402_300_799_000;

/** Verifies that deliveries come from Stripe. */
@Injectable()
export class StripeSignatures {
  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    @Inject(CONFIG) private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * Verifies the raw body against each webhook secret, then reads the event from it.
   * Errors: `billing.bad_signature` unsigned, badly signed or too old; `request.unreadable` signed,
   * but no event.
   */
  verify({ body: rawBody, headers }: FastifyRequest, header: unknown): SignedEvent {
    if (!Buffer.isBuffer(rawBody) || rawBody.length === 0 || !isJson(headers['content-type']))
      throw unreadableError('The body is empty or is not application/json.');
    if (typeof header !== 'string')
      throw new DomainError('billing.bad_signature', { detail: 'The Stripe-Signature header is missing.' });
    if (!this.config.stripeWebhookSecrets.some((secret) => this.isValid(rawBody, header, secret)))
      throw new DomainError('billing.bad_signature', {
        detail: 'The signature matches no webhook secret, or it is more than five minutes old.',
      });
    return parseEvent(rawBody.toString('utf8'));
  }

  private isValid(rawBody: Buffer, header: string, secret: string): boolean {
    try {
      const { signature } = this.stripe.webhooks;
      return (
        signature?.verifyHeader(
          rawBody,
          header,
          secret,
          signatureToleranceSeconds,
          undefined,
          this.clock.now().getTime(),
        ) ?? false
      );
    } catch {
      return false; // it throws plain errors, too, for headers that it cannot take apart
    }
  }
}

/**
 * Reads an event's envelope; the handler of its type reads the object. Errors:
 * `request.unreadable`.
 */
export function parseEvent(payload: string): SignedEvent {
  const event = parseSignedJson(payload, maxEventDepth);
  if (!isRecord(event)) throw unreadableError('The body is signed, but is not a JSON object.');
  const { id, type, object, created, account, livemode, data } = event;
  if (!isEventId(id) || !isEventId(type)) throw unreadableError('The body is signed, but is not an event.');
  const thin = object !== 'event';
  const createdAt = typeof created === 'number' ? new Date(created * 1000) : new Date(String(created));
  if (!(createdAt.getTime() >= 0 && createdAt.getTime() <= maxTimestampMs))
    throw unreadableError('The event has no creation time.');
  const dataObject = isRecord(data) ? data.object : undefined;
  if (!thin && !isRecord(dataObject)) throw unreadableError('The event has no object.');
  return {
    id,
    type,
    createdAt,
    isThin: thin,
    payload,
    object: dataObject,
    account: typeof account === 'string' ? account : null,
    livemode: typeof livemode === 'boolean' ? livemode : null,
    digest: createHash('sha256')
      .update(JSON.stringify([type, created, dataObject ?? null]))
      .digest(),
  };
}

function isEventId(value: unknown): value is string {
  return typeof value === 'string' && idPattern.test(value);
}

function isJson(contentType: string | undefined): boolean {
  return /^application\/json\s*(;|$)/i.test(contentType ?? '');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadableError(detail: string): DomainError {
  return new DomainError('request.unreadable', { detail });
}
