import { BillingService, type SubscriptionDto } from '../billing/index.js';
import {
  CreditService,
  CreditStatementService,
  EntryExplanationService,
  type CreditEntryDto,
  type CreditStatementDto,
} from '../credit/index.js';
import { Clock } from '../platform/clock.js';
import { getTranslator } from '../platform/i18n/translations.js';
import { formatSignedDays } from '../platform/ui/format.js';
import {
  InviteExplanationService,
  ReferralCodes,
  ReferralService,
  RewardNotices,
  type InvitationNoticeDto,
  type InviteExplanationDto,
  type RewardNoticeDto,
} from '../referral/index.js';
import { findUserByEmail } from './application.js';
import type { CommandReport, GetService } from './command-context.js';

const invitesShown = 100;
const english = getTranslator('en');

/**
 * Explains a user's access, tier, referrals and credit. Errors: CommandError for an unknown
 * address.
 */
export async function explainUser(get: GetService, address: string): Promise<CommandReport> {
  const { id, email, role, createdAt } = await findUserByEmail(get, address);
  const explanation: UserExplanation = {
    user: { id, email, role, createdAt },
    ...(await accessOf(get, id)),
    referralCode: await get(ReferralCodes).findCode(id),
    referredBy: await loadReferral(get, id),
    invitation: await get(RewardNotices).findInvitation(id, { t: english }),
    ...(await loadInvites(get, id)),
    credit: await get(CreditStatementService).getForUser(id),
  };
  return { json: explanation, lines: explanationLines(explanation) };
}

/**
 * Explains one entry of a user's credit. Errors: CommandError for an unknown address,
 * `request.not_found` for another user's entry.
 */
export async function explainEntry(
  get: GetService,
  address: string,
  entryId: string,
): Promise<CommandReport> {
  const { id } = await findUserByEmail(get, address);
  const explained = await get(EntryExplanationService).explain(id, entryId, { t: english });
  const steps = explained.steps.map(
    ({ at, kind, explanation }) => `  ${at.toISOString()}  ${kind.padEnd(17)}  ${explanation}`,
  );
  return {
    json: explained,
    lines: [...steps, ...(explained.why === null ? [] : [explained.why]), explained.covers, explained.next],
  };
}

async function accessOf(get: GetService, userId: string) {
  const billing = get(BillingService);
  const [account, creditUntil, subscription, stripeCustomers] = await Promise.all([
    billing.getAccount(userId),
    get(CreditService).getCreditUntil(userId),
    billing.getSubscription(userId),
    billing.listCustomerIds(userId),
  ]);
  const credited = creditUntil !== null && creditUntil > get(Clock).now() ? creditUntil : null;
  const paid = account.tier === 'paid';
  const ends = [paid ? account.paidThrough : null, credited].filter((end) => end !== null);
  const until = ends.length === 0 ? null : new Date(Math.max(...ends.map((end) => end.getTime())));
  return {
    tier: account.tier,
    access: {
      active: paid || credited !== null,
      source: paid ? ('subscription' as const) : credited === null ? ('none' as const) : ('credit' as const),
      until,
    },
    firstPaidAt: account.firstPaidAt,
    subscription,
    stripeCustomers,
  };
}

async function loadReferral(get: GetService, userId: string): Promise<UserExplanation['referredBy']> {
  const { referredBy } = await get(ReferralService).summarizeReferrals(userId);
  if (referredBy === null) return null;
  return {
    referrerId: referredBy.userId,
    ...(await get(InviteExplanationService).explainReferral(referredBy.id)),
  };
}

async function loadInvites(get: GetService, userId: string) {
  const { items, nextCursor } = await get(InviteExplanationService).listForReferrer(userId, {
    limit: invitesShown,
  });
  return { invites: items, hasMoreInvites: nextCursor !== null };
}

/** A person's explanation as it is read at a terminal. */
export function explanationLines(explanation: UserExplanation): string[] {
  return [
    ...accessLines(explanation),
    '',
    ...referralLines(explanation),
    '',
    `Invited: ${explanation.invites.length}${explanation.hasMoreInvites ? ' and more' : ''}`,
    ...explanation.invites.flatMap(inviteLines),
    '',
    `Credit: until ${explanation.credit.until?.toISOString() ?? 'never'}, ${explanation.credit.daysLeft} days left, ${explanation.credit.usefulDays} of them beyond the paid period`,
    ...explanation.credit.entries.map(entryLine),
  ];
}

function accessLines({ user, tier, access, subscription, ...person }: UserExplanation): string[] {
  return [
    `${user.email}  ${user.id}  ${user.role}, since ${user.createdAt.toISOString()}`,
    `Access:        ${access.active ? `yes, through ${access.source}, until ${access.until?.toISOString() ?? 'further notice'}` : 'no'}`,
    `Tier:          ${tier}`,
    `First payment: ${person.firstPaidAt?.toISOString() ?? 'never'}`,
    `Subscription:  ${subscription === null ? 'none' : `${subscription.status}, period ends ${subscription.currentPeriodEnd?.toISOString() ?? 'unknown'}`}`,
    `Stripe:        ${person.stripeCustomers.join(', ') || 'no customer'}`,
    `Own code:      ${person.referralCode ?? 'none yet'}`,
  ];
}

function referralLines({ referredBy, invitation }: UserExplanation): string[] {
  if (referredBy === null) return ['Joined without a code.'];
  return [
    ...(invitation === null ? [] : [`This person is shown: ${noticeLine(invitation.reward)}`]),
    `Joined with the code of ${referredBy.referrerId ?? 'an erased user'} (the rules as that person sees them):`,
    ...inviteLines(referredBy),
  ];
}

/** An explanation as it is read at a terminal: the rules, and what the person is shown. */
export function inviteLines({ invite, rules }: InviteExplanationDto): string[] {
  return [
    `  ${invite.label}  ${invite.rewardState === 'suspended' ? 'suspended' : invite.status}  ${invite.id}`,
    ...rules.map(
      (rule) =>
        `    ${resultMarks[rule.result]} ${rule.title}: ${rule.explanation}${rule.by === null ? '' : ` (by ${rule.by.toISOString()})`}`,
    ),
    `    > ${noticeLine(invite.reward)}`,
  ];
}

function noticeLine({ text, worth, why, next }: RewardNoticeDto): string {
  return [text, worth, why, next].filter(Boolean).join(' ');
}

const resultMarks = { met: '+', missing: '-', waiting: '~', undone: '!' };

function entryLine(entry: CreditEntryDto): string {
  const days = formatSignedDays(english, entry.days).padStart(9);
  const window =
    entry.windowFrom === null
      ? ''
      : `  ${entry.windowFrom.toISOString()} to ${entry.windowUntil?.toISOString() ?? ''}`;
  const reason = entry.reason === null ? '' : `  “${entry.reason}”`;
  return `  ${entry.effectiveAt.toISOString()}  ${days}  ${entry.kind.padEnd(17)}  ${entry.id}${window}${reason}`;
}

/** Why a person has what they have. Times are ISO 8601. */
export interface UserExplanation {
  user: { id: string; email: string; role: string; createdAt: Date };
  tier: 'free' | 'paid';
  access: { active: boolean; source: 'subscription' | 'credit' | 'none'; until: Date | null };
  firstPaidAt: Date | null;
  subscription: SubscriptionDto | null;
  stripeCustomers: string[];
  referralCode: string | null;
  /** Their referral, and the rules it must meet; null for a user without a referrer. */
  referredBy: (InviteExplanationDto & { referrerId: string | null }) | null;
  /** The invitation that they came with, and what they are shown of it. */
  invitation: InvitationNoticeDto | null;
  /** Whom they referred, newest first, at most a hundred. */
  invites: InviteExplanationDto[];
  hasMoreInvites: boolean;
  credit: CreditStatementDto;
}
