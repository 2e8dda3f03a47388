import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Webhook } from 'standardwebhooks';
import { Clock } from '../../platform/clock.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { hourMs, secondMs } from '../../platform/durations.js';
import { alertCounter } from '../../platform/observability/metrics/process-metrics.js';
import { version } from '../../platform/version.js';
import { EndpointSecrets, type SealedSecrets } from '../endpoints/endpoint-secrets.js';
import { AddressGuard, RefusedAddressError } from './address-guard.js';

/** What is sent where, and the secrets that sign it. */
export interface OutgoingWebhook extends SealedSecrets {
  id: string;
  endpointId: string;
  type: string;
  /** ISO 8601. */
  timestamp: string;
  data: unknown;
  url: string;
}

/**
 * What came of it: the status, or why there is none (`TIMEOUT`, `ADDRESS_REFUSED`, `NO_ANSWER`,
 * `SECRET_UNREADABLE`, or the code that Node gives). `body` is the beginning of the answer.
 * `retryAfterMs`: how long the receiver wants nothing, at most an hour; null: it does not say.
 */
export interface SendResult {
  status: number | null;
  error: string | null;
  body: string;
  retryAfterMs: number | null;
  durationMs: number;
}

const noAnswer = { status: null, body: '', retryAfterMs: null };
/** More of an answer is not read. */
const maxBodyBytes = 1_024;

/** Whether the receiver has taken it. A redirect is not followed, so it is a failure. */
export function isAccepted<Result extends Pick<SendResult, 'status'>>(
  result: Result,
): result is Result & { status: number } {
  const { status } = result;
  return status !== null && status >= 200 && status < 300;
}

/** Sends webhooks as https://www.standardwebhooks.com says. */
@Injectable()
export class WebhookSender {
  private readonly logger = new Logger('webhooks');

  constructor(
    private readonly addresses: AddressGuard,
    private readonly secrets: EndpointSecrets,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Sends one, and waits ten seconds in all. Errors: none, see {@link SendResult}. */
  async send(webhook: OutgoingWebhook): Promise<SendResult> {
    const secrets = this.openSecrets(webhook);
    if (secrets === null) return { ...noAnswer, error: 'SECRET_UNREADABLE', durationMs: 0 };
    const began = performance.now();
    const signal = AbortSignal.timeout(this.config.webhookTimeoutMs);
    const result = await this.exchange(webhook, secrets, signal);
    return { ...result, durationMs: Math.round(performance.now() - began) };
  }

  private openSecrets(webhook: OutgoingWebhook): string[] | null {
    try {
      return this.secrets.open(webhook);
    } catch {
      const { endpointId } = webhook;
      alertCounter.inc({ name: 'webhooks.secret_unreadable' });
      this.logger.error({ msg: 'webhooks.secret_unreadable', alert: true, endpointId });
      return null;
    }
  }

  private async exchange(
    webhook: OutgoingWebhook,
    secrets: readonly string[],
    signal: AbortSignal,
  ): Promise<Omit<SendResult, 'durationMs'>> {
    let request: ClientRequest | null = null;
    try {
      const url = new URL(webhook.url);
      if (!this.addresses.allowsLiteral(url)) throw new RefusedAddressError();
      const { body, headers } = sign(webhook, secrets, this.clock.now());
      request = this.open(url, headers, signal);
      const answered = answerTo(request);
      request.end(body);
      const answer = await answered;
      return {
        status: answer.statusCode ?? null,
        error: null,
        body: await readBeginning(answer),
        retryAfterMs: parseRetryAfter(answer, this.clock.now()),
      };
    } catch (error) {
      return { ...noAnswer, error: signal.aborted ? 'TIMEOUT' : codeOf(error) };
    } finally {
      request?.destroy();
    }
  }

  /** A connection of its own, so that no answer meets another request. */
  private open(url: URL, headers: Record<string, string>, signal: AbortSignal): ClientRequest {
    const request = url.protocol === 'https:' ? requestHttps : requestHttp;
    return request(url, {
      method: 'POST',
      headers,
      lookup: this.addresses.lookupFor(url.protocol),
      agent: false,
      maxHeaderSize: 16_384,
      signal,
    });
  }
}

function sign(
  { id, type, timestamp, data }: OutgoingWebhook,
  secrets: readonly string[],
  now: Date,
): { body: string; headers: Record<string, string> } {
  const body = JSON.stringify({ type, timestamp, data });
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': `Twofold/${version}`,
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(' '),
  };
  return { body, headers };
}

/** The connection has ended without an answer and without an error. */
class NoAnswerError extends Error {
  readonly code = 'NO_ANSWER';
}

function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    // stays, for what fails after the answer
    request.on('error', reject);
    // neither came: the receiver switched to another protocol
    request.once('close', () => reject(new NoAnswerError()));
  });
}

/** As it came: nothing is decompressed. The status counts, whatever becomes of the rest. */
async function readBeginning(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= maxBodyBytes) break;
    }
  } catch {
    // cut off, or too slow
  }
  return Buffer.concat(chunks).subarray(0, maxBodyBytes).toString('utf8');
}

/** Seconds or a date, of a receiver that is too busy (429 or 503). */
function parseRetryAfter({ statusCode, headers }: IncomingMessage, now: Date): number | null {
  const text = headers['retry-after'];
  if (text === undefined || (statusCode !== 429 && statusCode !== 503)) return null;
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * secondMs : Date.parse(text) - now.getTime();
  return ms > 0 ? Math.min(ms, hourMs) : null;
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code.slice(0, 100) : 'FAILED';
}
