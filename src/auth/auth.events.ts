/** A code was made for an address. Both are inside `sealed` (see {@link SealedCode}), so no job table shows them. */
export interface ChallengeIssued {
  name: 'auth.challenge_issued';
  challengeId: string;
  sealed: string;
}

/** What a {@link ChallengeIssued} seals. `expiresAt` is ISO 8601. */
export interface SealedCode {
  email: string;
  code: string;
  expiresAt: string;
}

/** An account moved to another address. Both addresses are inside `sealed` (see {@link SealedAddresses}). */
export interface EmailChanged {
  name: 'auth.email_changed';
  userId: string;
  changeId: string;
  sealed: string;
}

/** What an {@link EmailChanged} seals. */
export interface SealedAddresses {
  oldEmail: string;
  newEmail: string;
}
