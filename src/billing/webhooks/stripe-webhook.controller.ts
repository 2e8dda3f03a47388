import { Controller, Headers, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiTags, type ApiBodyOptions, type ApiHeaderOptions } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import pLimit, { type LimitFunction } from 'p-limit';
import { Counter } from 'prom-client';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.js';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { RawBody } from '../../platform/http/request-parsing.js';
import { registry } from '../../platform/observability/metrics/process-metrics.js';
import { withSpan } from '../../platform/observability/tracing.js';
import { WebhookAnswerDto } from './stripe-event.dto.js';
import { StripeSignatures } from './stripe-signatures.js';
import { WebhookProcessor } from './webhook-processor.js';

/** How Stripe signs a delivery. */
const stripeSignatureHeader: ApiHeaderOptions = {
  name: 'Stripe-Signature',
  required: true,
  description:
    'The time and the signatures of the raw body, each an HMAC-SHA256 of `time.body` under a webhook secret. At most five minutes old.',
  schema: {
    type: 'string',
    examples: ['t=1767225600,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd'],
  },
};

/** An event of Stripe, whose fields are described by Stripe. */
const stripeEventBody: ApiBodyOptions = {
  required: true,
  description: 'The raw body exactly as Stripe signed it, at most 1.2 MB.',
  schema: {
    type: 'object',
    required: ['id', 'type'],
    additionalProperties: true,
    properties: {
      id: { type: 'string', examples: ['evt_1Qx'] },
      type: { type: 'string', examples: ['invoice.paid'] },
      created: { type: 'integer', description: 'Seconds since 1970.', examples: [1767225600] },
      data: { type: 'object', additionalProperties: true, properties: { object: { type: 'object' } } },
    },
  },
};

/**
 * Receives Stripe's events, payments among them. The transaction that is opened here holds the
 * inbox row, the tier, the audit log, the conversion, both credits and the outbox: they commit
 * together before the 200, or not at all.
 */
@ApiTags('stripe')
@Controller('webhooks/stripe')
export class StripeWebhookController {
  private readonly limit: LimitFunction;

  constructor(
    private readonly signatures: StripeSignatures,
    private readonly processor: WebhookProcessor,
    private readonly database: Database,
    @Inject(CONFIG) config: Config,
  ) {
    // deliveries may never hold so many connections that people cannot sign in; a few at once reach
    // the rate of many, and leave the processor to others in between
    const mostConnections = Math.max(1, Math.floor(config.databasePoolMax / 2));
    this.limit = pLimit(Math.min(config.webhookConcurrency, mostConnections));
  }

  /**
   * Takes one delivery: applied, already known, ignored, parked or dead, with 200; to be sent again
   * otherwise.
   */
  @Post()
  @HttpCode(200)
  @Problems('billing.bad_signature')
  @ApiHeader(stripeSignatureHeader)
  @ApiBody(stripeEventBody)
  @RawBody(1_200_000, { ofAnyType: true })
  async receiveStripeEvent(
    @Req() request: FastifyRequest,
    @Headers('stripe-signature') signature: unknown,
  ): Promise<WebhookAnswerDto> {
    const event = this.signatures.verify(request, signature);
    const span = { 'stripe.event.id': event.id, 'stripe.event.type': event.type };
    const { outcome, detail } = await this.limit(() =>
      this.processor.processDelivery(event, {
        inTransaction: (work) => withSpan('transaction', span, () => this.database.transaction(work)),
      }),
    );
    deliveriesTotal.inc({ outcome });
    return { received: true, outcome, detail };
  }
}

/** Stripe deliveries answered with 200, by outcome. */
export const deliveriesTotal = new Counter({
  name: 'twofold_stripe_deliveries_total',
  help: 'Stripe deliveries answered with 200, by outcome',
  labelNames: ['outcome'],
  registers: [registry],
});
