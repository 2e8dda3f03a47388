import { ApiInteger } from '../../platform/http/openapi/api-fields.js';
import { InviterDto } from '../sign-in/sign-in.dto.js';

/** What a code promises to a person who uses it now. */
export class InvitationDto {
  valid: boolean;

  /**
   * The usual spelling of a valid code, else what was asked for.
   * @example ANNA2345
   */
  code: string;

  /** Who invites; null for a code that no user has. */
  invitedBy: InviterDto | null;

  /**
   * The days of paid access that come with the first payment: 0 while the programme is paused, and
   * while its budget is used up.
   */
  @ApiInteger()
  creditDays: number;

  /** How many days after the payment they come. */
  @ApiInteger()
  holdDays: number;

  /**
   * The least that the first payment must be to count, in the smallest unit by currency; empty: any
   * amount.
   */
  minimumAmounts: Record<string, number>;

  /** The ids of the prices that count; empty: all that make a person paid. */
  qualifyingPrices: string[];

  /** The same in words, or why there is no reward; null where only who invites gets days. */
  reward: string | null;
}
