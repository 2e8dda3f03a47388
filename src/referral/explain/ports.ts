import type { PayerState, PaymentRefund } from './reward-notice.js';

/** What referral asks of billing to say what a person is promised. Bound in app.module.ts. */
export abstract class PayerStates {
  /** Whether these people have paid; who is unknown is left out. */
  abstract find(userIds: string[]): Promise<Map<string, PayerState>>;
}

/** What referral asks of billing to name the refund that took a reward. Bound in app.module.ts. */
export abstract class PaymentRefunds {
  /** What was given back of these invoices, by their ids; those without a refund are left out. */
  abstract find(invoiceIds: string[]): Promise<Map<string, PaymentRefund>>;
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
