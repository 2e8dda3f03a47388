import type { Translate } from '../../platform/i18n/translations.js';
import type { PayerState } from './reward-notice.js';
import type { OfferedPlan } from './reward-worth.js';
import type { ReversedPayment } from './status-texts.js';

/** What referral asks of billing to say what a person is promised. Bound in app.module.ts. */
export abstract class PayerStates {
  /** Whether these people have paid; who is unknown is left out. */
  abstract find(userIds: string[]): Promise<Map<string, PayerState>>;
}

/**
 * What referral asks of billing to say why a payment does not count. Bound in app.module.ts.
 */
export abstract class ReversedPayments {
  /** What was refunded or disputed of these payments; those of which nothing was are left out. */
  abstract find(invoiceIds: string[]): Promise<Map<string, ReversedPayment>>;
}

/** What referral asks of billing to name the plans that count. Bound in app.module.ts. */
export abstract class PlanNames {
  /** Of the plans on offer, by the id of their price; none where Stripe does not answer. */
  abstract list(t: Translate): Promise<Map<string, string>>;
}

/**
 * What referral asks of auth to name people to those who invited them, or whom they invited. Bound
 * in app.module.ts.
 */
export abstract class InviterNames {
  /** The name that a user chose, null without one; undefined once they are erased. */
  abstract find(userId: string): Promise<string | null | undefined>;

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
