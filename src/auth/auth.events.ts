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
  /** The language of whoever asked; English for a job of an older version. */
  locale?: string;
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
  locale?: string;
}

/** Somebody signed in from a device that their account had not seen before; never told of the very first one. */
export interface DeviceMet {
  name: 'auth.device_met';
  userId: string;
  sessionId: string;
  at: string;
}

/** An account was merged into another of the same person. The address of the first signs in to the second from now on. */
export interface AccountsMerged {
  name: 'auth.accounts_merged';
  mergeId: string;
  fromUserId: string;
  intoUserId: string;
}

/** All accounts of a person were erased. */
export interface UsersErased {
  name: 'auth.users_erased';
  userIds: string[];
}
