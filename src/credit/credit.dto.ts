import { ApiId, ApiInteger } from '../platform/http/openapi/api-fields.js';
import type { EntryKind } from './ledger/credit-entry.js';

/** One ledger entry as its owner sees it. */
export class CreditEntryDto {
  @ApiId()
  id: string;

  /** Counts the entries of an account. */
  @ApiInteger()
  seq: number;

  kind: EntryKind;

  /** Signed, with decimals: negative where days were taken away. */
  days: number;

  /** When we processed it. */
  effectiveAt: Date;

  /** The time that its days cover now; null where an entry has none. */
  windowFrom: Date | null;

  windowUntil: Date | null;

  /** What staff said of it. */
  reason: string | null;

  @ApiId()
  referralId: string | null;

  /** The entry that this one takes back or restores. */
  @ApiId()
  reversesEntryId: string | null;
}

/** A user's credit, in whole days. */
export class CreditStatementDto {
  until: Date | null;

  /** Whole days to `until`, rounded up. */
  @ApiInteger()
  daysLeft: number;

  /**
   * The access gained over having no credit, to the nearest day: what reaches beyond the paid
   * period where days run by the calendar, and all that is left where they wait for its end.
   */
  @ApiInteger()
  usefulDays: number;

  /** The newest first. */
  entries: CreditEntryDto[];
}

/** One step of what happened to a credit. */
export class CreditEntryStepDto {
  @ApiId()
  entryId: string;

  kind: EntryKind;
  at: Date;

  /** Signed, with decimals. */
  days: number;

  explanation: string;
}

/** Where a credit came from and what happened to it. */
export class CreditEntryExplanationDto {
  entry: CreditEntryDto;

  /** Every entry about it, in order. */
  steps: CreditEntryStepDto[];

  /** What is left of it, with decimals. */
  daysAhead: number;

  /** Why it was taken back or is on hold, in words; null where it is not. */
  why: string | null;

  /** The time that it covers now, in words. */
  covers: string;

  /** What happens next, in words. */
  next: string;
}
