/** The payment that may make a referral count. `paidAt` has whole seconds. */
export interface FirstPayment {
  invoiceId: string;
  paidAt: Date;
}

/** A referral that met its qualifying payment. */
export interface Conversion {
  id: string;
  referralId: string;
  referrerId: string | null;
  referredId: string;
  convertedAt: Date;
  creditedAt: Date;
  /** Whether this very call made it; false for one that was there already. */
  fresh: boolean;
}
