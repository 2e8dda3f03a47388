import type { InviteView } from './invites.js';
import { whyNot } from './standing-words.js';

/** One rule that was looked at: whether it holds, and in plain words what that means. Times are ISO 8601. */
export interface RuleResult {
  rule: 'e-mail verified' | 'newcomer' | 'first payment' | 'payment stands' | 'review' | 'credit';
  result: 'met' | 'missing' | 'undone';
  explanation: string;
  at: string | null;
}

/** Why an invite has, or has not yet, brought credit: the rules in order, what is missing, and what happens next. */
export interface Explanation {
  invite: InviteView;
  rules: RuleResult[];
  missing: string[];
  next: string;
}

/**
 * Every rule that an invite must meet, in the order it meets them. Whether a payment stands is asked once there is one; a
 * review is told of once it has decided something.
 */
export function explain(invite: InviteView): Explanation {
  const rules: RuleResult[] = [
    {
      rule: 'e-mail verified',
      result: 'met',
      at: invite.invitedAt,
      explanation: `${invite.label} signed up with your code and proved their e-mail address.`,
    },
    {
      rule: 'newcomer',
      result: 'met',
      at: invite.invitedAt,
      explanation: 'The account was new, was not your own, and nobody else had invited it.',
    },
    paymentRule(invite),
    ...(invite.standing === null ? [] : [standingRule(invite)]),
    ...(invite.reasons.includes('by_hand') ? [reviewRule] : []),
    creditRule(invite),
  ];
  return {
    invite,
    rules,
    missing: rules.filter((rule) => rule.result === 'missing').map((rule) => rule.explanation),
    next: invite.nextStep,
  };
}

function paymentRule(invite: InviteView): RuleResult {
  const met = invite.convertedAt !== null;
  return {
    rule: 'first payment',
    result: met ? 'met' : 'missing',
    at: invite.convertedAt,
    explanation: met
      ? 'Their first real payment arrived. Renewals do not count again.'
      : 'They have not paid yet. A free trial or a fully discounted invoice does not count.',
  };
}

/** Warnings about somebody’s card are for staff: here they would only put a friend under suspicion. */
function standingRule({ reasons }: InviteView): RuleResult {
  const against = whyNot(reasons.filter((reason) => reason !== 'by_hand'));
  return {
    rule: 'payment stands',
    result: against === '' ? 'met' : 'undone',
    at: null,
    explanation: against || 'Nothing speaks against the payment.',
  };
}

const reviewRule: RuleResult = {
  rule: 'review',
  result: 'undone',
  at: null,
  explanation: whyNot(['by_hand']),
};

function creditRule(invite: InviteView): RuleResult {
  const { creditedAt: at, daysEarned } = invite;
  if (invite.status === 'reversed')
    return { rule: 'credit', result: 'undone', at, explanation: takenBack(invite) };
  return {
    rule: 'credit',
    result: at === null ? 'missing' : 'met',
    at,
    explanation:
      at === null
        ? 'Credit is added in the same moment as their first payment.'
        : `${Number(daysEarned.toFixed(1))} days were added to your account.`,
  };
}

function takenBack({ creditedAt, standing, why }: InviteView): string {
  if (creditedAt === null) return 'No credit was given, since the payment did not stand.';
  const taken = 'The days were taken back, as far as they were not used yet.';
  return standing === 'good' && why !== null ? `${why} ${taken}` : taken;
}
