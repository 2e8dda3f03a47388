/** Why the money of a first payment does not count, for now or for good. */
export type PaymentReason = 'refunded' | 'dispute_open' | 'dispute_lost';

/** What makes a payment doubtful while its money has not moved. Nothing is taken for it. */
export type RiskFlag = 'inquiry' | 'early_fraud_warning';

/** The payment that may make a referral count, and what has become of its money. `paidAt` has whole seconds. */
export interface FirstPayment {
  invoiceId: string;
  paidAt: Date;
  reasons: readonly PaymentReason[];
  flags: readonly RiskFlag[];
}

/** Why a conversion does not stand. Several may hold at once; it stands again when none is left. */
export type StandingReason = PaymentReason | 'paid_before_invited' | 'by_hand';

/** `suspended`: only a dispute that is still open speaks against it. */
export type StandingState = 'good' | 'suspended' | 'reversed';

/** A referral that met its qualifying payment. */
export interface Conversion {
  id: string;
  referralId: string;
  referrerId: string | null;
  referredId: string;
  convertedAt: Date;
  /** When both sides were first credited; null while it never stood. */
  creditedAt: Date | null;
  state: StandingState;
  /** Whether this very call made it; false for one that was there already. */
  fresh: boolean;
}
