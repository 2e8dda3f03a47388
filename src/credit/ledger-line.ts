/** The two people of a referral: who shared the code, and who came with it. */
export type Side = 'referrer' | 'referred';

/** What a line of the ledger is. Grants add a length, revocations take one away, a restoration gives back. */
export type LineKind =
  'referral_referrer' | 'referral_referred' | 'admin_grant' | 'admin_revoke' | 'reversal' | 'restoration';

/**
 * One immutable line of an account's history.
 * `lengthMs` is signed. `at` never runs backwards within an account. A revocation names the grant it takes
 * from, a restoration the revocation it undoes, both in `reversesEntryId`.
 */
export interface LedgerLine {
  id: string;
  userId: string;
  seq: number;
  at: Date;
  kind: LineKind;
  lengthMs: number;
  untilAfter: Date | null;
  conversionId: string | null;
  side: Side | null;
  turn: number | null;
  reversesEntryId: string | null;
  referralId: string | null;
  noteId: string | null;
}

/** Whether the line adds days that were not there before. */
export function isGrant(kind: LineKind): boolean {
  return kind === 'referral_referrer' || kind === 'referral_referred' || kind === 'admin_grant';
}
