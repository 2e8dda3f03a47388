import { PickType } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { inboxStatuses, WebhookAnswerDto, type InboxStatus } from '../../billing/index.js';
import { PageQuery } from '../../platform/http/page.dto.js';

/** Which of Stripe's events to list. */
export class StripeEventQuery extends PageQuery {
  /** Only those with this status. */
  @IsOptional()
  @IsIn(inboxStatuses)
  status?: InboxStatus;

  /** Only of this type, such as `invoice.paid`. */
  @IsOptional()
  @Matches(/^[a-z0-9_.]{1,100}$/, { message: 'type is a name such as invoice.paid' })
  type?: string;
}

/** What came of applying an event again. */
export class ReplayOutcomeDto extends PickType(WebhookAnswerDto, ['outcome', 'detail']) {}
