/** The two people of a referral: who shared the code, and who used it. */
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
 * The kind of a ledger entry. Grants add days, revocations (`admin_revoke`, `reversal`) take them
 * away, a restoration gives back what revocations took. A shift moves days; a deferral takes those
 * that defer a charge, or gives back what it took. A transfer moves days to another account of the
 * same person, or from one.
 */
export type EntryKind =
  GrantKind | 'admin_revoke' | 'reversal' | 'restoration' | 'shift' | 'deferral' | 'transfer';

/**
 * One immutable entry of an account's ledger. `durationMs` is signed. `at` never goes backwards
 * within an account. `reversesEntryId` is the entry that this one acts on: a revocation names the
 * grant it takes from (or the revocation it continues), a restoration the revocation it undoes, a
 * deferral the entry whose days it takes, or the deferral that it undoes, a transfer the last entry
 * of the days it takes, or the transfer that took them from the other account. `originEntryId`: of
 * a transfer, the grant whose days they are. `notBefore`: its days begin then at the earliest.
 * `paidPeriod`: a period that turned out to be paid for, so that days which ran in it are given
 * back.
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

/** Whether entries of this kind add days that were not there before. */
export function isGrant(kind: EntryKind): kind is GrantKind {
  return (grantKinds as readonly string[]).includes(kind);
}

/** Whether entries of this kind take back what an earlier one granted. */
export function isRevocation(kind: EntryKind): kind is 'reversal' | 'admin_revoke' {
  return kind === 'reversal' || kind === 'admin_revoke';
}
