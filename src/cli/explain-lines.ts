import type { EntryView } from '../credit/index.js';
import type { Explanation } from '../referral/index.js';
import type { PersonExplained } from './person-explained.js';

/** A person's explanation as it is read at a terminal. */
export function explanationLines(person: PersonExplained): string[] {
  return [
    ...standingLines(person),
    '',
    ...cameWithLines(person),
    '',
    `Brought: ${person.brought.length}${person.broughtMore ? ' and more' : ''}`,
    ...person.brought.flatMap(inviteLines),
    '',
    `Credit: until ${person.credit.until ?? 'never'}, ${person.credit.daysLeft} days left, ${person.credit.usefulDays} of them beyond what is paid for`,
    ...person.credit.entries.map(entryLine),
  ];
}

function standingLines({ user, tier, access, subscription, ...person }: PersonExplained): string[] {
  return [
    `${user.email}  ${user.id}  ${user.role}, since ${user.createdAt}`,
    `Access:        ${access.active ? `yes, by ${access.source}, until ${access.until ?? 'further notice'}` : 'no'}`,
    `Tier:          ${tier}`,
    `First paid:    ${person.firstPaidAt ?? 'never'}`,
    `Subscription:  ${subscription === null ? 'none' : `${subscription.status}, period ends ${subscription.currentPeriodEnd ?? 'unknown'}`}`,
    `Stripe:        ${person.stripeCustomers.join(', ') || 'no customer'}`,
    `Own code:      ${person.referralCode ?? 'none yet'}`,
  ];
}

function cameWithLines({ cameWith }: PersonExplained): string[] {
  if (cameWith === null) return ['Came with nobody’s code.'];
  return [
    `Came with the code of ${cameWith.referrerId ?? 'somebody who is gone'} (the rules as that person sees them):`,
    ...inviteLines(cameWith),
  ];
}

function inviteLines({ invite, rules, next }: Explanation): string[] {
  return [
    `  ${invite.label}  ${invite.standing === 'suspended' ? 'suspended' : invite.status}  ${invite.id}`,
    ...rules.map(
      (rule) =>
        `    ${marks[rule.result]} ${rule.title}: ${rule.explanation}${rule.by === null ? '' : ` (by ${rule.by})`}`,
    ),
    `    > ${next}`,
  ];
}

const marks = { met: '+', missing: '-', waiting: '~', undone: '!' };

function entryLine(entry: EntryView): string {
  const days = `${entry.days > 0 ? '+' : ''}${Number(entry.days.toFixed(2))}`.padStart(7);
  const window = entry.windowFrom === null ? '' : `  ${entry.windowFrom} to ${entry.windowUntil}`;
  const reason = entry.reason === null ? '' : `  “${entry.reason}”`;
  return `  ${entry.effectiveAt}  ${days} days  ${entry.kind.padEnd(17)}  ${entry.id}${window}${reason}`;
}
