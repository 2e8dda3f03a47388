import { createHash } from 'node:crypto';
import { Inject, Injectable, type RawBodyRequest } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import Stripe from 'stripe';
import { Clock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import { DomainError } from '../platform/errors.js';
import { CONFIG } from '../platform/tokens.js';
import { STRIPE } from './stripe-client.js';

/** A delivery whose signature holds. `digest` tells whether a later delivery of the same id says the same. */
export interface SignedEvent {
  id: string;
  type: string;
  createdAt: Date;
  account: string | null;
  livemode: boolean | null;
  thin: boolean;
  object: unknown;
  digest: Buffer;
  payload: string;
}

const toleranceSeconds = 300;

/** Tells Stripe's deliveries from everybody else's. */
@Injectable()
export class StripeSignatures {
  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    @Inject(CONFIG) private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * Verifies the raw body against each webhook secret, then reads the event that the server has parsed from it.
   * Errors: `billing.bad_signature` unsigned, badly signed or too old; `request.unreadable` signed, but no event.
   */
  read({ rawBody, body }: RawBodyRequest<FastifyRequest>, header: unknown): SignedEvent {
    if (rawBody === undefined || rawBody.length === 0)
      throw unreadable('The body is empty, or not sent as application/json.');
    if (typeof header !== 'string')
      throw new DomainError('billing.bad_signature', { detail: 'The Stripe-Signature header is missing.' });
    if (!this.config.stripeWebhookSecrets.some((secret) => this.holds(rawBody, header, secret)))
      throw new DomainError('billing.bad_signature', {
        detail: 'No webhook secret fits, or the signature is over five minutes old.',
      });
    return eventOf(rawBody.toString('utf8'), body);
  }

  private holds(rawBody: Buffer, header: string, secret: string): boolean {
    try {
      const { signature } = this.stripe.webhooks;
      return (
        signature?.verifyHeader(
          rawBody,
          header,
          secret,
          toleranceSeconds,
          undefined,
          this.clock.now().getTime(),
        ) ?? false
      );
    } catch (error) {
      if (error instanceof Stripe.errors.StripeSignatureVerificationError) return false;
      throw error;
    }
  }
}

/** Reads an event's envelope; its object stays unread until somebody knows the type. Errors: `request.unreadable`. */
export function parseEvent(payload: string): SignedEvent {
  return eventOf(payload, parseJson(payload));
}

function eventOf(payload: string, event: unknown): SignedEvent {
  if (!isRecord(event)) throw unreadable('The body is signed, but is not a JSON object.');
  const { id, type, object, created, account, livemode, data } = event;
  if (typeof id !== 'string' || id === '' || typeof type !== 'string')
    throw unreadable('The body is signed, but is no event.');
  const thin = object !== 'event';
  const createdAt = typeof created === 'number' ? new Date(created * 1000) : new Date(String(created));
  if (Number.isNaN(createdAt.getTime())) throw unreadable('The event says no time of its creation.');
  const facts = isRecord(data) ? data.object : undefined;
  if (!thin && !isRecord(facts)) throw unreadable('The event carries no object.');
  return {
    id,
    type,
    createdAt,
    thin,
    payload,
    object: facts,
    account: typeof account === 'string' ? account : null,
    livemode: typeof livemode === 'boolean' ? livemode : null,
    digest: createHash('sha256')
      .update(JSON.stringify([type, created, facts ?? null]))
      .digest(),
  };
}

function parseJson(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return null; // a signature over something that is no JSON
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadable(detail: string): DomainError {
  return new DomainError('request.unreadable', { detail });
}
