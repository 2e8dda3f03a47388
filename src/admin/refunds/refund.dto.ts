import { PaidInvoiceDto } from '../../billing/index.js';
import { ApiInteger } from '../../platform/http/openapi/api-fields.js';

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
