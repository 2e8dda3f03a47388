import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength, MinLength, ValidateIf } from 'class-validator';
import { ApiInteger } from '../platform/http/openapi/api-fields.js';
import { PageDto } from '../platform/http/page.dto.js';
import { OPTIONAL_BODY } from '../platform/http/validation.js';

/** An address of our own pages, or at an origin of RETURN_URLS. */
const IsReturnUrl = () => (target: object, name: string) => {
  ValidateIf((_, value) => value !== undefined)(target, name);
  IsString()(target, name);
  MaxLength(2_000)(target, name);
  ApiProperty({ type: 'string', format: 'uri', maxLength: 2_000, required: false })(target, name);
};

/** A price on offer. */
export class PlanDto {
  /** @example price_1Qx */
  priceId: string;

  /**
   * The name of its product.
   * @example Pro
   */
  name: string;

  /**
   * The name of the price itself, where it has one.
   * @example Yearly
   */
  nickname: string | null;

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

  /** Where Stripe leads after paying; without it, our settings page. */
  @IsReturnUrl()
  successUrl?: string;

  /** Where Stripe leads who does not pay; without it, our page of prices. */
  @IsReturnUrl()
  cancelUrl?: string;
}

/** Where the portal leads back to. */
export class OpenPortalDto {
  static readonly [OPTIONAL_BODY] = true;

  /** Without it, our settings page. */
  @IsReturnUrl()
  returnUrl?: string;
}
