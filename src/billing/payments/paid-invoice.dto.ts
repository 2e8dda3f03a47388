import { ApiId, ApiInteger } from '../../platform/http/openapi/api-fields.js';
import type { ReversalKind } from '../reversals/reversal.js';

/** A refund, dispute, credit note or fraud warning of an invoice, in Stripe's words. */
export class InvoiceReversalDto {
  /** @example re_1Qx */
  id: string;

  kind: ReversalKind;

  /** In the smallest unit of the currency. */
  @ApiInteger()
  amount: number;

  /** @example succeeded */
  status: string;

  at: Date;
}

/** What a payment covers. */
export class PaidPeriodDto {
  start: Date;
  end: Date;
}

/**
 * A stored payment, and what was refunded or disputed of it. Amounts are in the currency's smallest
 * unit.
 */
export class PaidInvoiceDto {
  /** @example in_1Qx */
  id: string;

  @ApiId()
  userId: string;

  @ApiInteger()
  amountPaid: number;

  /** @example eur */
  currency: string;

  paidAt: Date;

  /** Null where it is not known what the payment covered. */
  period: PaidPeriodDto | null;

  reversals: InvoiceReversalDto[];

  /** What staff turned into credit. */
  @ApiInteger()
  grantedAsCredit: number;

  /** What can still go back: money that is disputed, or whose refund is on its way, cannot. */
  @ApiInteger()
  remaining: number;
}
