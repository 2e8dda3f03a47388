import { ApiId } from '../platform/http/openapi/api-fields.js';
import type { RewardState } from './conversions/conversion.js';

/** One referral seen from one of its ends. */
export class ReferralSummaryDto {
  @ApiId()
  id: string;

  /** The person at the other end; null when they are gone. */
  @ApiId()
  userId: string | null;

  /** @example b…b@example.com */
  label: string;

  linkedAt: Date;
  convertedAt: Date | null;

  /** Null before the first payment. */
  state: RewardState | null;
}
