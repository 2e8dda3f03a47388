/**
 * A code was made for an address. Both are inside `sealed` (a SealedSignInCode of notifications),
 * so no job table shows them.
 */
export interface ChallengeIssued {
  name: 'auth.challenge_issued';
  challengeId: string;
  sealed: string;
}

/**
 * An account moved to another address. Both addresses are inside `sealed` (a SealedEmailChange of
 * notifications).
 */
export interface EmailChanged {
  name: 'auth.email_changed';
  userId: string;
  changeId: string;
  sealed: string;
}

/**
 * A person signed in from a device that their account had not seen before; never for the very first
 * one.
 */
export interface NewDeviceSignedIn {
  name: 'auth.new_device_signed_in';
  userId: string;
  sessionId: string;
  at: string;
}

/** A person has one second factor more, or less. `changeId` is new for each change. */
export interface SecondFactorAdded {
  name: 'auth.second_factor_added';
  userId: string;
  changeId: string;
  kind: 'passkey' | 'app';
}

/** See {@link SecondFactorAdded}. `all`: an operator removed all of them. */
export interface SecondFactorRemoved {
  name: 'auth.second_factor_removed';
  userId: string;
  changeId: string;
  kind: 'passkey' | 'app' | 'all';
}

/** A series of wrong second factors was sent for a person, who may not have sent them. */
export interface SecondFactorGuessed {
  name: 'auth.second_factor_guessed';
  userId: string;
  seriesId: string;
  attempts: number;
}

/** A person was invited to the staff. The address and the link are inside `sealed`. */
export interface StaffInvited {
  name: 'auth.staff_invited';
  invitationId: string;
  sealed: string;
}

/**
 * An account was merged into another of the same person. The address of the first signs in to the
 * second from now on.
 */
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

/** A person is new here. People that an import adds have no such event. */
export interface UserCreated {
  name: 'auth.user_created';
  userId: string;
}

/** What is stored of a person has changed, other than the address. `changed`: the fields. */
export interface UserUpdated {
  name: 'auth.user_updated';
  userId: string;
  changed: string[];
}
