import { ApiInteger } from '../../platform/http/openapi/api-fields.js';
import { DayPriceDto, MoneyDto } from '../stats/stats.dto.js';
import { TermsChangeDto, TermsDraftDto } from './terms-response.dto.js';

/** How many payments do not meet the terms, by what they lack first. */
export class UnmetCountsDto {
  @ApiInteger()
  currency: number;

  @ApiInteger()
  amount: number;

  @ApiInteger()
  price: number;

  /** It is not known any more which. */
  @ApiInteger()
  other: number;
}

/** Days by what they are for. */
export class OutcomeDaysDto {
  referrer: number;
  referred: number;
  milestones: number;
  total: number;
}

/** What has come of payments, or would have. */
export class OutcomeDto {
  /** Conversions that are rewarded, or will be once they are no longer held. */
  @ApiInteger()
  rewarded: number;

  /** Of those: still held at the end. */
  @ApiInteger()
  held: number;

  /** Of those: only the friend is rewarded, since the cap was reached. */
  @ApiInteger()
  capped: number;

  unmet: UnmetCountsDto;

  /** Not rewarded, since the budget was used up. */
  @ApiInteger()
  budgetExhausted: number;

  /** Not rewarded, since something else speaks against them: a refund, a dispute, a decision. */
  @ApiInteger()
  notGranted: number;

  @ApiInteger()
  milestones: number;

  days: OutcomeDaysDto;

  /** What those days cost in each currency at its average price of a day. */
  money: MoneyDto[];

  /** Days that no price is known for. */
  daysWithoutPrice: number;
}

/** What would have come of the payments under the draft. */
export class DraftOutcomeDto extends OutcomeDto {
  /** When its budget first did not suffice. */
  usedUpAt: Date | null;
}

/** The payments of a period, as they were and under the draft. */
export class TermsReplayDto {
  from: Date;
  to: Date;

  @ApiInteger()
  payments: number;

  actual: OutcomeDto;
  draft: DraftOutcomeDto;
  prices: DayPriceDto[];
}

/** What terms would change and would have cost. */
export class TermsPreviewDto {
  /** The version to publish it on. */
  @ApiInteger()
  basedOn: number;

  /** The version in force. */
  @ApiInteger()
  inForce: number;

  draft: TermsDraftDto;
  changes: TermsChangeDto[];

  /** Versions whose time is still to come, and never will once the draft is published. */
  superseded: number[];

  replay: TermsReplayDto;
}
