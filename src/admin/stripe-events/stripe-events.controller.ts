import {
  Injectable,
  type PipeTransform,
  Controller,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { DomainError } from '../../platform/errors.js';
import { paymentIdPattern } from '../admin.dto.js';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EventReplay, InboxQueries, StripeEventDetailsDto, StripeEventPageDto } from '../../billing/index.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { Idempotency, ApiIdempotencyKey } from '../../platform/http/idempotency.js';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { adminActor, type Principal } from '../../platform/security/principal.js';
import { ReplayOutcomeDto, StripeEventQuery } from './stripe-event.dto.js';

/** The id of an event from a path; any other text names nothing. Errors: `request.not_found`. */
@Injectable()
export class StripeIdPipe implements PipeTransform<string, string> {
  /** As the description of the API shows it. */
  static readonly openApi = {
    type: 'string',
    maxLength: 350,
    description: 'The id of an event of Stripe, or of a report: provider:kind:id.',
    examples: ['evt_1Qx'],
  };

  transform(value: string): string {
    if (!paymentIdPattern.test(value)) throw new DomainError('request.not_found');
    return value;
  }
}

@ApiTags('admin')
@Controller('api/v1/admin/stripe/events')
@Roles('admin')
export class StripeEventsController {
  constructor(
    private readonly records: InboxQueries,
    private readonly events: EventReplay,
    private readonly idempotency: Idempotency,
  ) {}

  /** Stripe's events as they were received, newest first. */
  @Get()
  @Roles('admin', 'support')
  listStripeEvents(@Query() query: StripeEventQuery): Promise<StripeEventPageDto> {
    return this.records.list(query);
  }

  /** One event, with its payload. */
  @Get(':id')
  @Roles('admin', 'support')
  async getStripeEvent(@Param('id', StripeIdPipe) id: string): Promise<StripeEventDetailsDto> {
    const record = await this.records.find(id);
    if (record === null)
      throw new DomainError('request.not_found', { text: { key: 'console.problem.eventUnknown' } });
    return record;
  }

  /**
   * Applies an event again, whatever became of it. What an event says is done once, however often
   * it is applied; a key prevents a second audit entry.
   */
  @Post(':id/replay')
  @HttpCode(200)
  @Problems(
    'billing.replay_failed',
    'billing.busy',
    'billing.stripe_unreachable',
    'billing.stripe_refused',
    'billing.stripe_key_refused',
  )
  @ApiIdempotencyKey()
  replayStripeEvent(
    @CurrentUser() me: Principal,
    @Param('id', StripeIdPipe) id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReplayOutcomeDto> {
    return this.idempotency.runOnceWithoutTransaction(request, reply, 200, async () => {
      const { outcome, detail } = await this.events.replay(id, adminActor(me));
      return { outcome, detail };
    });
  }
}
