/** Credit was given by a person, not by a referral. Times are ISO 8601. */
export interface CreditGranted {
  name: 'credit.granted';
  entryId: string;
  userId: string;
  days: number;
  until: string;
}

/**
 * A person took back what was left of a grant. `days` is how many, `until` where the credit ends
 * now. Times are ISO 8601.
 */
export interface CreditRevoked {
  name: 'credit.revoked';
  entryId: string;
  userId: string;
  days: number;
  until: string | null;
}

/** An entry added days. Published only where days put off charges. */
export interface CreditAdded {
  name: 'credit.added';
  entryId: string;
  userId: string;
}

/**
 * The days of these entries, all of one reward, were taken back. Published only where days put off
 * charges.
 */
export interface CreditTaken {
  name: 'credit.taken';
  entryIds: string[];
  userId: string;
}
