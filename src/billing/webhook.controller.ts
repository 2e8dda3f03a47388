import { Controller, Headers, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import pLimit, { type LimitFunction } from 'p-limit';
import type { Config } from '../platform/config.js';
import { Database } from '../platform/database/database.js';
import { RawBody } from '../platform/http/request-bodies.js';
import { spanning } from '../platform/tracing/spanning.js';
import { CONFIG } from '../platform/tokens.js';
import { deliveries } from './counted-events.js';
import { EventIntake } from './event-intake.js';
import type { Outcome } from './outcome.js';
import { StripeSignatures, type SignedEvent } from './stripe-signature.js';

/** What Stripe is answered. */
export interface Received {
  received: true;
  outcome: Outcome['outcome'];
  detail: string;
}

/**
 * Where a payment enters. The transaction that is opened here holds the inbox row, the tier, the audit, the
 * conversion, both credits and the outbox: they commit together before the 200, or not at all.
 */
@ApiTags('stripe')
@Controller('webhooks/stripe')
export class WebhookController {
  private readonly limit: LimitFunction;

  constructor(
    private readonly signatures: StripeSignatures,
    private readonly intake: EventIntake,
    private readonly database: Database,
    @Inject(CONFIG) config: Config,
  ) {
    // deliveries may never hold so many connections that people cannot sign in
    this.limit = pLimit(Math.max(1, Math.floor(config.databasePoolMax / 2)));
  }

  /** Takes one delivery: applied, already known, ignored, parked or dead, with 200; to be sent again otherwise. */
  @Post()
  @HttpCode(200)
  @RawBody(1_200_000, { ofAnyType: true })
  async receive(
    @Req() request: FastifyRequest,
    @Headers('stripe-signature') signature: unknown,
  ): Promise<Received> {
    const event = this.signatures.read(request, signature);
    const { outcome, detail } = await this.limit(() => this.apply(event));
    deliveries.inc({ outcome });
    return { received: true, outcome, detail };
  }

  private apply(event: SignedEvent): Promise<Outcome> {
    return this.intake.take(event, (work) =>
      spanning('transaction', { 'stripe.event.id': event.id, 'stripe.event.type': event.type }, () =>
        this.database.transaction(work),
      ),
    );
  }
}
