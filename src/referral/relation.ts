/** One referral seen from one of its ends: `userId` is the person at the other, null when they are gone. */
export interface Relation {
  id: string;
  userId: string | null;
  label: string;
  linkedAt: Date;
  convertedAt: Date | null;
}
