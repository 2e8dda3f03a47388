import type { PayerState } from './reward-notice.js';

/** What referral asks of billing to say what a person is promised. Bound in app.module.ts. */
export abstract class PayerStates {
  /** Whether these people have paid; who is unknown is left out. */
  abstract find(userIds: string[]): Promise<Map<string, PayerState>>;
}

/** What referral asks of auth to say who invited a person. Bound in app.module.ts. */
export abstract class InviterNames {
  /** The name that a user shows, or their masked address; null once they are erased. */
  abstract find(userId: string): Promise<string | null>;
}
