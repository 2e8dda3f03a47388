import type { StandingState } from '../conversions/conversion.js';

/**
 * One referral seen from one of its ends: `userId` is the person at the other, null when they are gone; `state` is null
 * before the first payment.
 */
export interface Relation {
  id: string;
  userId: string | null;
  label: string;
  linkedAt: Date;
  convertedAt: Date | null;
  state: StandingState | null;
}
