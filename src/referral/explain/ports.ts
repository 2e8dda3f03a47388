import type { PayerState } from './reward-notice.js';
import type { OfferedPlan } from './reward-worth.js';

/** What referral asks of billing to say what a person is promised. Bound in app.module.ts. */
export abstract class PayerStates {
  /** Whether these people have paid; who is unknown is left out. */
  abstract find(userIds: string[]): Promise<Map<string, PayerState>>;
}

/**
 * What referral asks of auth to name people to those who invited them, or whom they invited. Bound
 * in app.module.ts.
 */
export abstract class InviterNames {
  /** The name that a user shows, or their masked address; null once they are erased. */
  abstract find(userId: string): Promise<string | null>;

  /** The names that these users chose; who chose none is left out. */
  abstract findChosen(userIds: string[]): Promise<Map<string, string>>;
}

/**
 * What referral asks of billing to say what promised days are worth. Bound in app.module.ts.
 */
export abstract class OfferedPlans {
  /** The prices on offer; none where they are not known. */
  abstract list(): Promise<OfferedPlan[]>;
}
