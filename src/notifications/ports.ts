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
    creditedAt: Date | null;
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
  /** Why one side is not granted it, a sentence a reason. `formatDate` writes a day. */
  abstract findReasons(
    subject: { referralId: string; side: 'referrer' | 'referred'; reasons: readonly string[] },
    reader: { t: Translate; formatDate: (at: Date) => string },
  ): Promise<string>;
  /** What happens next. */
  abstract nextStepText(reasons: readonly string[], t: Translate): string;
  /** Why it is granted again, from the reasons that are resolved. */
  abstract resolvedText(reasons: readonly string[], t: Translate): string;
}
