import type { Tx } from '../../platform/database/tx.js';
import type { NewReferral } from './new-referral.js';

/** A user who adds a referral after they signed up; `details` is what linking needs of them. */
export interface Claimant {
  signedUpAt: Date;
  details: Omit<NewReferral, 'code'>;
}

/** What late claims need to know of users. Implemented by auth, bound in app.module.ts. */
export abstract class Claimants {
  /** When the user signed up; null when they are unknown or erased. */
  abstract signedUpAt(userId: string): Promise<Date | null>;
  /** Locks the user against erasure until the transaction ends; null when they are unknown or erased. */
  abstract lock(tx: Tx, userId: string): Promise<Claimant | null>;
}
