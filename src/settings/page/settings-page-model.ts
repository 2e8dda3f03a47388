import type { Viewer } from '../../platform/ui/layout.js';
import type { RewardModel } from '../public-pages/reward.js';

/**
 * What the settings page shows of a person. `notice` says what was just done; `problem` what was wrong with a form, and
 * where; `followed` is set when a person with an account opened an invitation link.
 */
export interface SettingsPageModel {
  viewer: Viewer;
  reward: RewardModel;
  user: SettingsUserModel;
  access: AccessModel;
  referral: ReferralModel;
  invites: InviteModel[];
  /** A path to the invites that come after those shown, or null. */
  olderInvitesHref: string | null;
  credit: CreditModel;
  subscription: SubscriptionModel | null;
  /** Whether a Stripe customer exists, so that there is a portal to go to. */
  hasStripeCustomer: boolean;
  /** Whether a subscription may still charge, which stands in the way of erasing the account. */
  stillCharged: boolean;
  sessions: SessionModel[];
  backup: BackupModel | null;
  emailChange: PendingEmailChangeModel | null;
  erasure: PendingErasureModel | null;
  /** A forgotten invitation can still be added. */
  canClaimReferral: boolean;
  /** How one's links did in the last thirty days. */
  linkStats: { clicks: number; signUps: number; conversions: number };
  optionalEmails: { kind: string; isWanted: boolean }[];
  notice: NoticeKey | null;
  problem: { section: SectionId; message: string } | null;
  openedInvite: OpenedInviteModel | null;
}

/** The parts of the page, by their anchors. */
export type SectionId =
  | 'access'
  | 'referral'
  | 'invites'
  | 'credit'
  | 'subscription'
  | 'devices'
  | 'emails'
  | 'profile'
  | 'email'
  | 'backup'
  | 'data'
  | 'erase';

/** What was just done; each has its words in notices.ts. */
export type NoticeKey =
  | 'code'
  | 'claim'
  | 'profile'
  | 'email'
  | 'emails'
  | 'backup_restored'
  | 'signed_out_device'
  | 'checkout_done'
  | 'billing_unreachable';

/** `shownAs` is how invitations name this user: the display name, else the masked address. */
export interface SettingsUserModel {
  email: string;
  displayName: string | null;
  publicName: string;
  locale: string;
  timeZone: string;
  createdAt: Date;
}

/** Whether this user has access, and what it comes from. `until` null: not known, or none. */
export interface AccessModel {
  tier: 'free' | 'paid';
  active: boolean;
  source: 'subscription' | 'credit' | 'none';
  until: Date | null;
}

/** One's own part in the programme. `link` is absolute; days are whole. */
export interface ReferralModel {
  code: string;
  link: string;
  activeCredits: number;
  daysOnAccount: number;
  counts: {
    invited: number;
    pending: number;
    held: number;
    converted: number;
    reversed: number;
    rejected: number;
  };
}

/**
 * A person this user referred. `daysEarned` is what it brought this user so far; `why` says what speaks against it;
 * `suspended` while an open dispute does.
 */
export interface InviteModel {
  id: string;
  label: string;
  status: 'pending' | 'held' | 'converted' | 'suspended' | 'reversed' | 'rejected';
  invitedAt: Date;
  convertedAt: Date | null;
  creditedAt: Date | null;
  daysEarned: number;
  why: string | null;
  nextStep: string;
}

/** The credit account. Entries newest first; `usefulDays` are those that reach beyond the paid period. */
export interface CreditModel {
  delivery: 'overlay' | 'after_paid_period' | 'defer_billing';
  until: Date | null;
  daysLeft: number;
  usefulDays: number;
  entries: CreditEntryModel[];
}

/** One line of the ledger. `days` is signed, with decimals; the window is null where a line has none. */
export interface CreditEntryModel {
  id: string;
  kind: string;
  days: number;
  effectiveAt: Date;
  windowFrom: Date | null;
  windowUntil: Date | null;
  reason: string | null;
}

/**
 * The subscription that counts. `status` is Stripe's; `planName` null where it is not known. `plannedEnd` may be periods
 * away; only with `cancelAtPeriodEnd` is nothing charged before it.
 */
export interface SubscriptionModel {
  status: string;
  planName: string | null;
  currentPeriodEnd: Date | null;
  cancelAtPeriodEnd: boolean;
  plannedEnd: Date | null;
}

/** A device a person is signed in on; `current` is the one in use. */
export interface SessionModel {
  id: string;
  userAgent: string;
  createdAt: Date;
  seenAt: Date;
  current: boolean;
}

/** The cloud backup and its last revisions, newest first. `size` is in bytes. */
export interface BackupModel {
  revision: number;
  updatedAt: Date;
  size: number;
  revisions: { revision: number; updatedAt: Date; size: number }[];
}

/**
 * A change of address that waits for its codes. `currentChallengeId` is null where the session is fresh enough to
 * prove the present address.
 */
export interface PendingEmailChangeModel {
  newEmail: string;
  challengeId: string;
  currentChallengeId: string | null;
}

/** An erasure that waits for the code sent to the present address. */
export interface PendingErasureModel {
  challengeId: string;
}

/**
 * An invitation link that a person with an account opened. `label` names who it is from, null when the code is unknown;
 * `own` when it is their own.
 */
export interface OpenedInviteModel {
  code: string;
  label: string | null;
  isOwn: boolean;
}
