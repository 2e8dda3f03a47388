import { IsString, MaxLength, MinLength } from 'class-validator';

/** Which price to pay for. */
export class CreateCheckoutDto {
  /** A `priceId` of GET /billing/plans. */
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  priceId: string;
}
