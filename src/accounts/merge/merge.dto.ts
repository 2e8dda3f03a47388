import { ApiId, ApiInteger } from '../../platform/http/openapi/api-fields.js';
import type { Actor } from '../../platform/audit-log.js';
import { PageDto } from '../../platform/http/page.dto.js';

/** One of the two accounts of a merge. */
export class MergePartyDto {
  @ApiId()
  userId: string;

  /** Null once erased. */
  email: string | null;
}

/** A merge of two accounts as staff see it. */
export class MergeDto {
  @ApiId()
  id: string;

  /** The account that ended. */
  from: MergePartyDto;

  /** The account that stayed. */
  into: MergePartyDto;

  mergedAt: Date;
  undoableUntil: Date;

  /** Who did it. */
  by: Actor['kind'];

  /** Null once the person is erased. */
  reason: string | null;

  undoneAt: Date | null;

  /** Null once the person is erased. */
  undoneReason: string | null;

  /** The code of what prevents undoing it; null while it can be undone. */
  undoBlocker: string | null;
}

/** One page of merges. */
export class MergePageDto extends PageDto {
  items: MergeDto[];
}

/** One account as it is before a merge. */
export class MergeAccountSummaryDto {
  @ApiId()
  userId: string;

  email: string;

  /** The days ahead of now, with decimals. */
  creditDays: number;

  @ApiInteger()
  invited: number;

  codes: string[];
  stripeCustomers: string[];
  subscriptions: string[];

  @ApiInteger()
  payments: number;
}
