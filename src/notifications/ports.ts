import type { Tx } from '../platform/database/tx.js';
import type { Translate } from '../platform/i18n/translations.js';

/** A person who gets an e-mail, as they are now. */
export interface Recipient {
  id: string;
  email: string;
  displayName: string | null;
  locale: string;
  timeZone: string;
}

/** What notifications needs to know of people. Implemented by auth, bound in app.module.ts. */
export abstract class Recipients {
  /** The present account of a user, also after a merge; null when it is unknown or erased. */
  abstract find(userId: string): Promise<Recipient | null>;
  /** The e-mail address of this very account, also when it was merged; null when it is erased. */
  abstract findAccountEmail(userId: string): Promise<string | null>;
  /** Every active admin. */
  abstract findAdminIds(): Promise<string[]>;
  /** The user agent of a session; null once the session has ended. */
  abstract findUserAgent(sessionId: string): Promise<string | null>;
  /**
   * Locks the user against erasure until the transaction ends; false when they are unknown or
   * erased.
   */
  abstract lockActive(tx: Tx, userId: string): Promise<boolean>;
}

/** A referral, and one of its sides. `conversion`: its reward as it was when something happened. */
export interface RewardSubject {
  referralId: string;
  side: 'referrer' | 'referred';
  conversion?: {
    state: 'granted' | 'held' | 'suspended' | 'reversed';
    reasons: string[];
    holds: string[];
    releaseAt: Date | null;
    wasCredited: boolean;
    capped: boolean;
  };
}

/** What a person is shown of their reward, in words. */
export interface RewardNoticeText {
  status: string;
  days: number;
  /** What the terms give this side; 0: nothing. */
  promisedDays: number;
  text: string;
  /** What promised days are worth. */
  worth: string | null;
  why: string | null;
  next: string | null;
}

/** What people are shown of rewards, in words. Implemented by referral, bound in app.module.ts. */
export abstract class RewardTexts {
  /**
   * What one side of a referral is shown; null where it or its person is gone. A day is written by
   * `formatDate`.
   */
  abstract findNotice(
    subject: RewardSubject,
    reader: { t: Translate; formatDate: (at: Date) => string },
  ): Promise<RewardNoticeText | null>;
  /**
   * What a referrer calls a person they invited: the chosen name, the referrer's note, or the
   * masked address; null once one of them is erased.
   */
  abstract findFriendName(referrerId: string, referredId: string): Promise<string | null>;
  /** The name that the person who invited this one chose; null without one. */
  abstract findInviterName(referredId: string): Promise<string | null>;
  /** Why it is granted again, from the reasons that are resolved. */
  abstract resolvedText(reasons: readonly string[], t: Translate): string;
}

/** What happens to a referral in an example. `conversion` is null before the first payment. */
export interface ExampleSubject {
  side: RewardSubject['side'];
  conversion: RewardSubject['conversion'] | null;
  decision: 'approved' | 'rejected' | null;
}

/** A referral for examples of emails. Days and the milestone are those of its terms. */
export interface ExampleReferral {
  /** What the referrer calls the friend. */
  friendName: string;
  /** The name that the referrer chose; null without one. */
  inviterName: string | null;
  referrerDays: number;
  referredDays: number;
  holdDays: number;
  milestone: { every: number; days: number };
  /** What one side is shown, as {@link RewardTexts.findNotice} says it. */
  notice(
    subject: ExampleSubject,
    reader: { t: Translate; formatDate: (at: Date) => string },
  ): RewardNoticeText;
}

/** Referrals for examples of emails. Implemented by referral, bound in app.module.ts. */
export abstract class ExampleReferrals {
  /** The newest referral there is; a made-up one under the current terms where there is none. */
  abstract findNewest(): Promise<ExampleReferral>;
}
