import type { SessionDto } from '../../auth/index.js';
import type { CreditEntryDto, CreditStatementDto } from '../../credit/index.js';
import type { Config } from '../../platform/config/config.js';
import type { Viewer } from '../../platform/ui/layout.js';
import type { ReferralOverviewDto } from '../../referral/index.js';
import type { BackupRevisionDto } from '../backup/backup.dto.js';
import type { AccessDto } from '../me/me.dto.js';

/**
 * What the settings page shows of a person. `notice` says what was just done; `problem` what was
 * wrong with a form, and where; `openedInvite` is set when a person with an account opened an
 * invitation link.
 */
export interface SettingsPageModel {
  viewer: Viewer;
  user: SettingsUserModel;
  access: AccessDto & { tier: 'free' | 'paid' };
  referral: Pick<
    ReferralOverviewDto,
    | 'code'
    | 'link'
    | 'activeCredits'
    | 'daysOnAccount'
    | 'friendReward'
    | 'counts'
    | 'reward'
    | 'creditWorth'
    | 'invitation'
  >;
  /** The link that says that it was copied. */
  copyLink: string;
  credit: CreditModel;
  subscription: SubscriptionModel | null;
  /** Whether a Stripe customer exists, so that there is a portal to go to. */
  hasStripeCustomer: boolean;
  /** Whether a subscription may still charge, which prevents erasing the account. */
  stillCharged: boolean;
  sessions: Omit<SessionDto, 'expiresAt'>[];
  backup: BackupModel | null;
  emailChange: PendingEmailChangeModel | null;
  erasure: PendingErasureModel | null;
  /** Ids of the forms that request codes: sent twice within seconds, one email each. */
  formIds: { newEmail: string; ownEmail: string };
  optionalEmails: { kind: string; isWanted: boolean }[];
  notice: NoticeKey | null;
  problem: { section: SectionId; message: string } | null;
  openedInvite: OpenedInviteModel | null;
  /** Whether the browser is to say its time zone, which the profile lacks. */
  asksTimeZone: boolean;
}

/** The parts of the page, by their anchors. */
export type SectionId =
  | 'access'
  | 'invitation'
  | 'referral'
  | 'credit'
  | 'subscription'
  | 'devices'
  | 'secondFactor'
  | 'emails'
  | 'profile'
  | 'email'
  | 'backup'
  | 'data'
  | 'erase';

/** What went wrong with the form of a section; null when nothing did. */
export function problemOf({ problem }: SettingsPageModel, section: SectionId): string | null {
  return problem?.section === section ? problem.message : null;
}

/** What was just done; each has its words in notices.ts. */
export type NoticeKey =
  | 'profile'
  | 'email'
  | 'emails'
  | 'backup_restored'
  | 'signed_out_device'
  | 'checkout_done'
  | 'billing_unreachable';

/** The person whose settings they are. */
export interface SettingsUserModel {
  email: string;
  displayName: string | null;
  locale: string;
  timeZone: string;
  createdAt: Date;
}

/** The credit account, and when its days run. */
export type CreditModel = Omit<CreditStatementDto, 'entries'> & {
  delivery: Config['creditDelivery'];
  entries: CreditEntryModel[];
};

/** One ledger entry. */
export type CreditEntryModel = Pick<
  CreditEntryDto,
  'id' | 'days' | 'effectiveAt' | 'windowFrom' | 'windowUntil' | 'reason'
> & { kind: string };

/**
 * The subscription that counts. `status` is Stripe's; `planName` null where it is not known.
 * `plannedEnd` may be periods away; only with `cancelAtPeriodEnd` is nothing charged before it.
 */
export interface SubscriptionModel {
  status: string;
  planName: string | null;
  currentPeriodEnd: Date | null;
  cancelAtPeriodEnd: boolean;
  plannedEnd: Date | null;
  /** The processor that charges for it; null for Stripe. */
  otherProvider: string | null;
}

/** The cloud backup and its last revisions, newest first. */
export type BackupModel = BackupRevisionDto & { revisions: BackupRevisionDto[] };

/**
 * A change of address that waits for its codes. `currentChallengeId` is null where the session is
 * recent enough to prove the present address.
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
 * An invitation link that a person with an account opened. `inviter` is the name that its owner
 * chose; `isKnown` false: no such code; `isOwn` when it is their own.
 */
export interface OpenedInviteModel {
  code: string;
  inviter: string | null;
  isKnown: boolean;
  isOwn: boolean;
}
