import { BillingService } from '../billing/index.js';
import { CreditService, CreditStatements, EntryExplanations } from '../credit/index.js';
import { Clock } from '../platform/clock.js';
import { wordsIn } from '../platform/locale/words.js';
import { Explanations, ReferralService } from '../referral/index.js';
import type { Get } from './application.js';
import { explanationLines } from './explain-lines.js';
import { userOfEmail } from './people.js';
import type { PersonExplained } from './person-explained.js';
import type { Report } from './report.js';

const invitesShown = 100;

/** Explains a user's access, tier, referrals and credit. Errors: Problem for an unknown address. */
export async function explainPerson(get: Get, address: string): Promise<Report> {
  const { id, email, role, createdAt } = await userOfEmail(get, address);
  const person: PersonExplained = {
    user: { id, email, role, createdAt: createdAt.toISOString() },
    ...(await standing(get, id)),
    referralCode: await get(ReferralService).codeOf(id),
    cameWith: await invitationOf(get, id),
    ...(await invitesOf(get, id)),
    credit: await get(CreditStatements).of(id),
  };
  return { json: person, lines: explanationLines(person) };
}

/** Explains one line of a user's credit. Errors: Problem for an unknown address, `request.not_found` for another's line. */
export async function explainEntry(get: Get, address: string, entryId: string): Promise<Report> {
  const { id } = await userOfEmail(get, address);
  const explained = await get(EntryExplanations).of(id, entryId, wordsIn('en'));
  const steps = explained.steps.map(
    ({ at, kind, explanation }) => `  ${at}  ${kind.padEnd(17)}  ${explanation}`,
  );
  return { json: explained, lines: [...steps, explained.covers, explained.next] };
}

async function standing(get: Get, userId: string) {
  const billing = get(BillingService);
  const [account, creditUntil, subscription, stripeCustomers] = await Promise.all([
    billing.accountOf(userId),
    get(CreditService).creditUntil(userId),
    billing.subscriptionOf(userId),
    billing.customersOf(userId),
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
      until: until?.toISOString() ?? null,
    },
    firstPaidAt: account.firstPaidAt?.toISOString() ?? null,
    subscription,
    stripeCustomers,
  };
}

async function invitationOf(get: Get, userId: string): Promise<PersonExplained['cameWith']> {
  const { referredBy } = await get(ReferralService).relationsOf(userId);
  if (referredBy === null) return null;
  return { referrerId: referredBy.userId, ...(await get(Explanations).ofReferral(referredBy.id)) };
}

async function invitesOf(get: Get, userId: string) {
  const { items, nextCursor } = await get(Explanations).page(userId, { limit: invitesShown });
  return { brought: items, broughtMore: nextCursor !== null };
}
