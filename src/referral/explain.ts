import type { InviteView } from './invites.js';

/** One rule that was looked at: whether it holds, and in plain words what that means. */
export interface RuleResult {
  rule: string;
  result: 'met' | 'missing' | 'undone';
  explanation: string;
  at: string | null;
}

/** Why an invite has, or has not yet, brought credit. */
export interface Explanation {
  invite: InviteView;
  rules: RuleResult[];
  missing: string[];
}

/** Every rule that an invite must meet, in the order it meets them. */
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
    creditRule(invite),
  ];
  return {
    invite,
    rules,
    missing: rules.filter((rule) => rule.result === 'missing').map((rule) => rule.explanation),
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

function creditRule(invite: InviteView): RuleResult {
  if (invite.status === 'reversed')
    return { rule: 'credit', result: 'undone', at: invite.creditedAt, explanation: invite.nextStep };
  const met = invite.creditedAt !== null;
  return {
    rule: 'credit',
    result: met ? 'met' : 'missing',
    at: invite.creditedAt,
    explanation: met
      ? `${invite.daysEarned} days were added to your account.`
      : 'Credit is added in the same moment as their first payment.',
  };
}
