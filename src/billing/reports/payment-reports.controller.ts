import { Body, Controller, Injectable, Param, Put, Res, type PipeTransform } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Clock } from '../../platform/clock.js';
import { addMs, minuteMs } from '../../platform/durations.js';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { invalidRequest, type FieldError } from '../../platform/http/validation.js';
import { processorObjectIdPattern, providerPattern } from '../../platform/processor-ids.js';
import { keyActor, type ApiKeyPrincipal } from '../../platform/security/api-key.js';
import { CurrentKey, Scopes } from '../../platform/security/auth.decorators.js';
import {
  ChangeAnswerDto,
  PaymentAnswerDto,
  PutDisputeDto,
  PutPaymentDto,
  PutRefundDto,
  PutSubscriptionDto,
} from './payment-report.dto.js';
import { toChangeAnswer, toPaymentAnswer } from './report-answers.js';
import { PaymentReports } from './payment-reports.js';

/** How far the clock of another server may be ahead. */
const clockToleranceMs = 5 * minuteMs;

/** The name of a processor, from a path. Errors: `request.invalid`. */
@Injectable()
export class ProviderPipe implements PipeTransform<string, string> {
  /** As the description of the API shows it. */
  static readonly openApi = {
    type: 'string',
    pattern: providerPattern.source,
    description: 'The processor, by a name that you choose: 2 to 32 of a-z, 0-9, - and _. Not stripe.',
    examples: ['paddle'],
  };

  transform(provider: string): string {
    if (provider === 'stripe')
      throw invalidRequest([
        {
          path: 'provider',
          message: 'payments at Stripe are not reported here: forward its webhooks to /webhooks/stripe',
        },
      ]);
    if (providerPattern.test(provider)) return provider;
    throw invalidRequest([
      { path: 'provider', message: 'provider is 2 to 32 of a-z, 0-9, - and _, and begins with one of a-z' },
    ]);
  }
}

/** An id at a processor, from a path. Errors: `request.invalid`. */
@Injectable()
export class ProcessorObjectIdPipe implements PipeTransform<string, string> {
  /** As the description of the API shows it. */
  static readonly openApi = {
    type: 'string',
    minLength: 1,
    maxLength: 255,
    description: 'The id at the processor: 1 to 255 printable characters.',
    examples: ['txn_1'],
  };

  transform(id: string): string {
    if (processorObjectIdPattern.test(id)) return id;
    throw invalidRequest([{ path: 'id', message: 'id is 1 to 255 printable characters' }]);
  }
}

const parkedDescription = 'Its person or payment is not known yet: it is stored, and applied once it is.';

/** What was paid at other processors than Stripe, as the servers of another product report it. */
@ApiTags('payments')
@Controller('api/v1')
@Scopes('payments:write')
export class PaymentReportsController {
  constructor(
    private readonly reports: PaymentReports,
    private readonly clock: Clock,
  ) {}

  /** Reports a payment. Idempotent: the same body changes nothing. */
  @Put('payments/:provider/:id')
  @ApiOkResponse({ type: PaymentAnswerDto })
  @ApiAcceptedResponse({ description: parkedDescription, type: PaymentAnswerDto })
  @Problems('payment.conflict')
  async putPayment(
    @CurrentKey() key: ApiKeyPrincipal,
    @Param('provider', ProviderPipe) provider: string,
    @Param('id', ProcessorObjectIdPipe) id: string,
    @Body() body: PutPaymentDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentAnswerDto> {
    const { externalId, paidAt, amount, currency, priceId, period, subscriptionId } = body;
    this.rejectFuture({ paidAt });
    if (period !== undefined && period.start >= period.end)
      throw invalidRequest([{ path: 'period.end', message: 'period.end is behind period.start' }]);
    const outcome = await this.reports.record(
      {
        kind: 'payment',
        ...{ provider, id, externalId, customerId: null, paidAt, amount },
        currency: currency.toLowerCase(),
        priceId: priceId ?? null,
        period: period === undefined ? null : { start: period.start, end: period.end },
        subscriptionId: subscriptionId ?? null,
      },
      keyActor(key),
    );
    return withStatus(reply, toPaymentAnswer(outcome));
  }

  /** Reports a refund. Idempotent: the same body changes nothing, and any order ends the same. */
  @Put('refunds/:provider/:id')
  @ApiOkResponse({ type: ChangeAnswerDto })
  @ApiAcceptedResponse({ description: parkedDescription, type: ChangeAnswerDto })
  @Problems('payment.conflict')
  async putRefund(
    @CurrentKey() key: ApiKeyPrincipal,
    @Param('provider', ProviderPipe) provider: string,
    @Param('id', ProcessorObjectIdPipe) id: string,
    @Body() { paymentId, amount, status, at }: PutRefundDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangeAnswerDto> {
    this.rejectFuture({ at });
    const report = { kind: 'refund' as const, provider, id, paymentId, amount, status, at };
    return withStatus(reply, toChangeAnswer(await this.reports.record(report, keyActor(key))));
  }

  /** Reports a dispute. Idempotent: the same body changes nothing, and any order ends the same. */
  @Put('disputes/:provider/:id')
  @ApiOkResponse({ type: ChangeAnswerDto })
  @ApiAcceptedResponse({ description: parkedDescription, type: ChangeAnswerDto })
  @Problems('payment.conflict')
  async putDispute(
    @CurrentKey() key: ApiKeyPrincipal,
    @Param('provider', ProviderPipe) provider: string,
    @Param('id', ProcessorObjectIdPipe) id: string,
    @Body() { paymentId, amount, status, at }: PutDisputeDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangeAnswerDto> {
    this.rejectFuture({ at });
    const report = { kind: 'dispute' as const, provider, id, paymentId, amount, status, at };
    return withStatus(reply, toChangeAnswer(await this.reports.record(report, keyActor(key))));
  }

  /** Reports a subscription. Idempotent: what is older than what is known changes nothing. */
  @Put('subscriptions/:provider/:id')
  @ApiOkResponse({ type: ChangeAnswerDto })
  @ApiAcceptedResponse({ description: parkedDescription, type: ChangeAnswerDto })
  @Problems('payment.conflict')
  async putSubscription(
    @CurrentKey() key: ApiKeyPrincipal,
    @Param('provider', ProviderPipe) provider: string,
    @Param('id', ProcessorObjectIdPipe) id: string,
    @Body() { externalId, status, currentPeriodEnd, cancelAtPeriodEnd, updatedAt }: PutSubscriptionDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangeAnswerDto> {
    this.rejectFuture({ updatedAt });
    const outcome = await this.reports.record(
      {
        kind: 'subscription',
        ...{ provider, id, externalId, customerId: null },
        ...{ status, currentPeriodEnd, cancelAtPeriodEnd, updatedAt },
      },
      keyActor(key),
    );
    return withStatus(reply, toChangeAnswer(outcome));
  }

  private rejectFuture(times: Record<string, Date>): void {
    const latest = addMs(this.clock.now(), clockToleranceMs);
    const errors = Object.entries(times).flatMap(([path, time]): FieldError[] =>
      time > latest ? [{ path, message: `${path} is in the future` }] : [],
    );
    if (errors.length > 0) throw invalidRequest(errors);
  }
}

function withStatus<Answer extends { outcome: string }>(reply: FastifyReply, answer: Answer): Answer {
  void reply.status(answer.outcome === 'parked' ? 202 : 200);
  return answer;
}
