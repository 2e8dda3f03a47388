import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { PaidInvoiceDto } from '../../billing/index.js';
import { ApiInteger } from '../../platform/http/openapi/api-fields.js';
import { ReasonDto, paymentIdPattern } from '../admin.dto.js';

/** What of which payment to turn into credit. */
export class RefundQuery {
  /** The payment; without one the newest. */
  @IsOptional()
  @Matches(paymentIdPattern, { message: 'invoiceId is an id such as in_1Qx' })
  invoiceId?: string;

  /** How much of it, in the smallest unit of its currency; without one all that is left. */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => readMinorUnits(value))
  @IsInt({
    message: 'amount is a whole number of the smallest unit of the currency: 400 means 4.00 EUR',
  })
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  @ApiPropertyOptional({ type: 'integer' })
  amount?: number;
}

/** The same, decided. */
export class GrantRefundCreditDto extends ReasonDto {
  /** The payment; without one the newest. */
  @IsOptional()
  @Matches(paymentIdPattern, { message: 'invoiceId is an id such as in_1Qx' })
  invoiceId?: string;

  /** How much of it, in the smallest unit of its currency; without one all that is left. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  @ApiPropertyOptional({ type: 'integer' })
  amount?: number;

  /** The days that the preview showed. */
  @IsInt()
  @Min(1)
  @Max(3650)
  @ApiInteger()
  days: number;
}

/** What an amount of a payment would be as credit. */
export class RefundPreviewDto {
  payment: PaidInvoiceDto;

  /** In the smallest unit of the currency. */
  @ApiInteger()
  amount: number;

  /** Null where it cannot be computed. */
  @ApiInteger()
  days: number | null;

  /** How it was computed, or why it cannot be. */
  computed: string;
}

/** A number in a query. "4.00" stays a text, which is refused: 4 would be cents. */
function readMinorUnits(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
}
