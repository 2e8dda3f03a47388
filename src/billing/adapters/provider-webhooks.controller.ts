import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiTags, type ApiBodyOptions } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Counter } from 'prom-client';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/errors.js';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { RawBody } from '../../platform/http/request-parsing.js';
import { parseSignedJson } from '../../platform/http/safe-json.js';
import { Log } from '../../platform/observability/logging/log.js';
import { registry } from '../../platform/observability/metrics/process-metrics.js';
import { PaymentReports } from '../reports/payment-reports.js';
import { storedIdOf, type Report } from '../reports/report.js';
import type { WebhookOutcome } from '../webhooks/webhook-handler.js';
import type { WebhookAdapter } from './adapter.js';
import { EventFields } from './event-fields.js';
import { lemonSqueezy } from './lemon-squeezy.js';
import { paddle } from './paddle.js';
import { ProviderWebhookAnswerDto } from './provider-webhook.dto.js';

/** Events of processors are far less deep. */
const maxEventDepth = 100;
const maxBytes = 1_200_000;
const adapterActor: Actor = { kind: 'system' };

const eventBody: ApiBodyOptions = {
  required: true,
  description: 'The raw body exactly as it was signed, at most 1.2 MB.',
  schema: { type: 'object', additionalProperties: true },
};
const signatureHeader = (name: string, description: string) =>
  ApiHeader({ name, required: true, description, schema: { type: 'string' } });

/** Receives the webhooks of other processors. Each becomes a report, like those of the API. */
@ApiTags('payments')
@Controller('webhooks')
export class ProviderWebhooksController {
  // eslint-disable-next-line max-params -- a delivery is verified, recorded, and leaves a trace
  constructor(
    private readonly reports: PaymentReports,
    private readonly auditLog: AuditLog,
    private readonly log: Log,
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Takes an event of Paddle Billing; 404 while no secret is set. */
  @Post('paddle')
  @HttpCode(200)
  @Problems('billing.bad_signature', 'request.invalid', 'request.not_found')
  @signatureHeader('Paddle-Signature', 'The time and the HMAC-SHA256 of `time:body`, as Paddle sends it.')
  @ApiBody(eventBody)
  @RawBody(maxBytes, { ofAnyType: true })
  receivePaddleEvent(@Req() request: FastifyRequest): Promise<ProviderWebhookAnswerDto> {
    return this.receive(paddle, this.config.paddleWebhookSecrets, request);
  }

  /** Takes an event of Lemon Squeezy; 404 while no secret is set. */
  @Post('lemon-squeezy')
  @HttpCode(200)
  @Problems('billing.bad_signature', 'request.invalid', 'request.not_found')
  @signatureHeader('X-Signature', 'The HMAC-SHA256 of the body, as Lemon Squeezy sends it.')
  @ApiBody(eventBody)
  @RawBody(maxBytes, { ofAnyType: true })
  receiveLemonSqueezyEvent(@Req() request: FastifyRequest): Promise<ProviderWebhookAnswerDto> {
    return this.receive(lemonSqueezy, this.config.lemonSqueezyWebhookSecrets, request);
  }

  private async receive(
    adapter: WebhookAdapter,
    secrets: readonly string[],
    { body, headers }: FastifyRequest,
  ): Promise<ProviderWebhookAnswerDto> {
    if (secrets.length === 0) throw new DomainError('request.not_found');
    if (!Buffer.isBuffer(body) || body.length === 0)
      throw new DomainError('request.unreadable', { detail: 'The body is empty.' });
    const delivery = { body, headers, receivedAt: this.clock.now() };
    if (!secrets.some((secret) => adapter.isSigned(delivery, secret)))
      throw new DomainError('billing.bad_signature');
    const answer = await this.apply(adapter, body);
    providerDeliveries.inc({ provider: adapter.provider, outcome: answer.outcome });
    return answer;
  }

  private async apply(adapter: WebhookAdapter, body: Buffer): Promise<ProviderWebhookAnswerDto> {
    const event = parseSignedJson(body, maxEventDepth);
    if (typeof event !== 'object' || event === null || Array.isArray(event))
      throw new DomainError('request.unreadable', { detail: 'The body is signed, but is no JSON object.' });
    const result = this.read(adapter, new EventFields(event as Record<string, unknown>));
    if ('ignored' in result) return { received: true, outcome: 'ignored', detail: result.ignored };
    try {
      return toAnswer(await this.reports.record(result, adapterActor));
    } catch (error) {
      if (error instanceof DomainError && error.code === 'payment.conflict')
        return this.refuse(result, error);
      throw error;
    }
  }

  private read(adapter: WebhookAdapter, event: EventFields) {
    try {
      return adapter.read(event);
    } catch (error) {
      if (error instanceof DomainError)
        this.log.alert('billing.provider_event_unreadable', {
          provider: adapter.provider,
          detail: error.message,
        });
      providerDeliveries.inc({ provider: adapter.provider, outcome: 'unreadable' });
      throw error;
    }
  }

  /** A repeated delivery could not change it either, so the processor is not asked for one. */
  private async refuse(report: Report, { message }: DomainError): Promise<ProviderWebhookAnswerDto> {
    const details = { id: storedIdOf(report), reason: message };
    const entry = { action: 'billing.report_refused' as const, actor: adapterActor, details };
    await this.database.transaction((tx) => this.auditLog.record(tx, entry));
    this.log.alert('billing.report_refused', details);
    return { received: true, outcome: 'refused', detail: message };
  }
}

function toAnswer({ outcome, detail }: WebhookOutcome): ProviderWebhookAnswerDto {
  return { received: true, outcome: outcome === 'dead' ? 'ignored' : outcome, detail };
}

/** Deliveries of other processors than Stripe, by processor and outcome. */
const providerDeliveries = new Counter({
  name: 'twofold_provider_deliveries_total',
  help: 'Verified deliveries of processors other than Stripe, by processor and outcome',
  labelNames: ['provider', 'outcome'],
  registers: [registry],
});
