import { Controller, Headers, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import pLimit, { type LimitFunction } from 'p-limit';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.js';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { RawBody } from '../../platform/http/request-parsing.js';
import { withSpan } from '../../platform/observability/tracing/spans.js';
import { WebhookAnswerDto } from './stripe-webhook.dto.js';
import { stripeSignatureHeader, stripeEventBody } from './stripe-webhook.openapi.js';
import { WebhookProcessor } from './webhook-processor.js';
import { StripeSignatures } from './stripe-signatures.js';
import { Counter } from 'prom-client';
import { registry } from '../../platform/observability/metrics/process-metrics.js';

/**
 * Where a payment enters. The transaction that is opened here holds the inbox row, the tier, the audit, the
 * conversion, both credits and the outbox: they commit together before the 200, or not at all.
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
    // deliveries may never hold so many connections that people cannot sign in
    this.limit = pLimit(Math.max(1, Math.floor(config.databasePoolMax / 2)));
  }

  /** Takes one delivery: applied, already known, ignored, parked or dead, with 200; to be sent again otherwise. */
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
