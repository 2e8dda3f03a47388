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

/** Why a reward was refused: by the rules, by a person who reviewed it, or because the budget was used up. */
export type Refusal = 'fraud' | 'rejected' | 'budget_exhausted';

/** Why a conversion does not stand. Several may hold at once; it stands again when none is left. */
export type StatusReason = PaymentReason | 'paid_before_invited' | 'manual' | Refusal;

/** What a reward waits for: that the payment can hardly be refunded any more, or that a person has checked it. */
export type Hold = 'refund_window' | 'review';

/** `suspended`: only a dispute that is still open speaks against it. `held`: nothing does, but it has to wait. */
export type RewardState = 'granted' | 'held' | 'suspended' | 'reversed';

/** What the rules make of a referral, and what a person decided, who wins. */
export interface Review {
  outcome: 'allow' | 'review' | 'reject';
  decision: 'approved' | 'rejected' | null;
}

/** A referral that met its qualifying payment. */
export interface Conversion {
  id: string;
  referralId: string;
  referrerId: string | null;
  referredId: string;
  convertedAt: Date;
  /** When both sides were first credited; null while it never stood. */
  creditedAt: Date | null;
  state: RewardState;
  holds: readonly Hold[];
  /** When the refund window closes; null under terms without one. */
  releaseAt: Date | null;
  /** The referrer’s cap was reached: only the newcomer is rewarded. */
  capped: boolean;
  /** Whether this very call made it; false for one that was there already. */
  isNew: boolean;
}
