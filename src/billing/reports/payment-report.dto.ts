import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Matches,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { externalIdMessage, externalIdPattern } from '../../platform/external-id.js';
import { IsDateTime, MayBeMissing } from '../../platform/http/dto-fields.js';
import { ApiInteger } from '../../platform/http/openapi/api-fields.js';
import { processorObjectIdPattern } from '../../platform/processor-ids.js';
import { subscriptionStatuses } from './report.js';

const IsExternalId = () => Matches(externalIdPattern, { message: externalIdMessage });

const IsProcessorObjectId = (name: string) =>
  Matches(processorObjectIdPattern, { message: `${name} is 1 to 255 printable characters` });

const IsAmount = () =>
  applyDecorators(
    IsInt({ message: 'amount is a whole number in the smallest unit of the currency, such as 999' }),
    Min(0),
    Max(Number.MAX_SAFE_INTEGER),
    ApiInteger(),
  );

/** What a payment pays for. */
export class ReportedPeriodDto {
  @IsDateTime('period.start')
  start: Date;

  /** Behind the start. */
  @IsDateTime('period.end')
  end: Date;
}

/** A payment at another processor than Stripe. Everything in it is fixed once it is reported. */
export class PutPaymentDto {
  /** Who paid: the id of the person in your product. @example user-42 */
  @IsExternalId()
  externalId: string;

  /** Not in the future. */
  @IsDateTime('paidAt')
  paidAt: Date;

  /** What was paid, in the smallest unit of the currency; 0 is no payment. */
  @IsAmount()
  amount: number;

  /**
   * ISO 4217, in lower or upper case.
   *
   * @example EUR
   */
  @Matches(/^([a-z]{3}|[A-Z]{3})$/, { message: 'currency is three letters, such as EUR' })
  currency: string;

  /** What was bought; the terms of the programme may name it. */
  @MayBeMissing()
  @IsProcessorObjectId('priceId')
  priceId?: string;

  /** The time that was paid for: access until its end. */
  @MayBeMissing()
  @IsObject()
  @ValidateNested()
  @Type(() => ReportedPeriodDto)
  period?: ReportedPeriodDto;

  /** The subscription that it pays for. */
  @MayBeMissing()
  @IsProcessorObjectId('subscriptionId')
  subscriptionId?: string;
}

/** A refund of a payment, whole or in part. */
export class PutRefundDto {
  /** Of the same processor; fixed once it is reported. */
  @IsProcessorObjectId('paymentId')
  paymentId: string;

  /** What goes back, in the smallest unit of the payment’s currency. */
  @IsAmount()
  amount: number;

  @IsIn(['pending', 'succeeded', 'failed'])
  status: 'pending' | 'succeeded' | 'failed';

  /** Since when it has this status. */
  @IsDateTime('at')
  at: Date;
}

/** A dispute of a payment. */
export class PutDisputeDto {
  /** Of the same processor; fixed once it is reported. */
  @IsProcessorObjectId('paymentId')
  paymentId: string;

  /** What is disputed, in the smallest unit of the payment’s currency. */
  @IsAmount()
  amount: number;

  @IsIn(['open', 'won', 'lost'])
  status: 'open' | 'won' | 'lost';

  /** Since when it has this status. */
  @IsDateTime('at')
  at: Date;
}

/** A subscription as your product knows it. */
export class PutSubscriptionDto {
  /** Whose it is: the id of the person in your product. @example user-42 */
  @IsExternalId()
  externalId: string;

  /** In the words of Stripe; `canceled`: it has ended, for good. */
  @IsIn(subscriptionStatuses)
  @ApiProperty({ enum: subscriptionStatuses })
  status: (typeof subscriptionStatuses)[number];

  /** When the present period ends; null where there is none. */
  @ValidateIf((_, value) => value !== null)
  @IsDateTime('currentPeriodEnd', { nullable: true })
  currentPeriodEnd: Date | null;

  /** The present period is the last one. */
  @IsBoolean()
  cancelAtPeriodEnd: boolean;

  /** When it became so: what was reported of an earlier moment changes nothing. */
  @IsDateTime('updatedAt')
  updatedAt: Date;
}

/** What became of a payment. */
export const paymentOutcomes = [
  'converted',
  'first_payment',
  'renewal',
  'already',
  'ignored',
  'parked',
] as const;

/** What became of a refund, dispute or subscription. */
export const changeOutcomes = ['applied', 'already', 'outdated', 'parked'] as const;

/** The answer to a payment. */
export class PaymentAnswerDto {
  @IsIn(paymentOutcomes)
  @ApiProperty({ enum: paymentOutcomes })
  outcome: (typeof paymentOutcomes)[number];

  /** The same in a sentence. */
  @IsString()
  detail: string;
}

/** The answer to a refund, dispute or subscription. */
export class ChangeAnswerDto {
  @IsIn(changeOutcomes)
  @ApiProperty({ enum: changeOutcomes })
  outcome: (typeof changeOutcomes)[number];

  /** The same in a sentence. */
  @IsString()
  detail: string;
}
