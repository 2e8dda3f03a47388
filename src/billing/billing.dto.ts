import { IsString, MaxLength, MinLength } from 'class-validator';
import { ApiInteger } from '../platform/http/openapi/api-fields.js';
import { PageDto } from '../platform/http/page.dto.js';

/** A price on offer. */
export class PlanDto {
  /** @example price_1Qx */
  priceId: string;

  /** @example Monthly */
  name: string;

  /** @example eur */
  currency: string;

  /** In the smallest unit of the currency; null where the price is not a flat one. */
  @ApiInteger()
  unitAmount: number | null;

  interval: 'day' | 'week' | 'month' | 'year';

  @ApiInteger()
  intervalCount: number;

  /** A `metered` price is paid by use, and bought without a quantity. */
  usageType: 'licensed' | 'metered';
}

/** One page of prices. */
export class PlanPageDto extends PageDto {
  items: PlanDto[];
}

/** A page of Stripe to open. */
export class StripePageDto {
  /** @example https://checkout.stripe.com/c/pay/cs_test_1 */
  url: string;
}

/** A subscription as its owner sees it. */
export class SubscriptionDto {
  /**
   * The status in the words of Stripe.
   * @example active
   */
  status: string;

  priceId: string | null;
  currentPeriodEnd: Date | null;

  /** Nothing is charged again: the present period is the last one. */
  cancelAtPeriodEnd: boolean;
}

/** Which price to pay for. */
export class CreateCheckoutDto {
  /**
   * A `priceId` of GET /billing/plans.
   * @example price_1Qx
   */
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  priceId: string;
}
