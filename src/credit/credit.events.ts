/** Credit was given by a person, not by a referral. Times are ISO 8601. */
export interface CreditGranted {
  name: 'credit.granted';
  entryId: string;
  userId: string;
  days: number;
  until: string;
}
