/** The two people of a referral: who shared the code, and who came with it. */
export type Side = 'referrer' | 'referred';

/** Kinds that add days which were not there before. */
const grantKinds = [
  'referral_referrer',
  'referral_referred',
  'admin_grant',
  'refund_as_credit',
  'milestone',
] as const;
type GrantKind = (typeof grantKinds)[number];

/**
 * What a line of the ledger is. Grants add a length, revocations (`admin_revoke`, `reversal`) take
 * one away, a restoration gives back what revocations took. A shift moves days; a deferral takes
 * those that put off a charge, or gives back what it took. A transfer takes days to another account
 * of the same person, or brings them from one.
 */
export type EntryKind =
  GrantKind | 'admin_revoke' | 'reversal' | 'restoration' | 'shift' | 'deferral' | 'transfer';

/**
 * One immutable line of an account's history. `lengthMs` is signed. `at` never runs backwards
 * within an account. `reversesEntryId` is what the line acts on: a revocation names the grant it
 * takes from (or the revocation it goes on with), a restoration the revocation it undoes, a
 * deferral the line whose days it takes, or the deferral that it undoes, a transfer the last line
 * of the days it takes, or the transfer that took them from the other account. `rootId`: of a
 * transfer, the grant whose days they are. `anchorAt`: its days begin there at the earliest.
 * `covers`: a time that turned out to be paid for, so that days which ran in it are ahead again.
 */
export interface CreditEntry {
  id: string;
  userId: string;
  seq: number;
  at: Date;
  kind: EntryKind;
  durationMs: number;
  untilAfter: Date | null;
  conversionId: string | null;
  side: Side | null;
  revision: number | null;
  reversesEntryId: string | null;
  originEntryId: string | null;
  referralId: string | null;
  noteId: string | null;
  notBefore: Date | null;
  paidPeriod: TimeRange | null;
}

/** From a moment until before another. */
export interface TimeRange {
  from: Date;
  until: Date;
}

/** Whether the line adds days that were not there before. */
export function isGrant(kind: EntryKind): kind is GrantKind {
  return (grantKinds as readonly string[]).includes(kind);
}

/** Whether the line takes back what an earlier one granted. */
export function isRevocation(kind: EntryKind): kind is 'reversal' | 'admin_revoke' {
  return kind === 'reversal' || kind === 'admin_revoke';
}
