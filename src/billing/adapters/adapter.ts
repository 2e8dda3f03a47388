import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Report } from '../reports/report.js';
import type { EventFields } from './event-fields.js';

/** A delivery of a processor: its body as it was sent. */
export interface Delivery {
  body: Buffer;
  headers: IncomingHttpHeaders;
  receivedAt: Date;
}

/** What an adapter makes of an event: a report, or why the event reports nothing. */
export type AdapterResult = Report | { ignored: string };

/** Makes reports of the webhooks of one processor. */
export interface WebhookAdapter {
  provider: string;
  /** Whether a delivery is signed with this secret. */
  isSigned(delivery: Delivery, secret: string): boolean;
  /** Reads a verified event. Errors: `request.invalid` where a field is missing. */
  read(event: EventFields): AdapterResult;
}

/** How old a signature with a time may be, and how far ahead; as at Stripe. */
export const signatureToleranceSeconds = 300;

/** Whether a signature in hex is the HMAC-SHA256 of a text; compared in constant time. */
export function isHmacOf(signature: string, secret: string, ...parts: (string | Buffer)[]): boolean {
  const hmac = createHmac('sha256', secret);
  for (const part of parts) hmac.update(part);
  const expected = hmac.digest();
  const given = Buffer.from(/^[0-9a-f]{64}$/i.test(signature) ? signature : '', 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
