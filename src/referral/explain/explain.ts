import { fallbackLocale } from '../../platform/locale/catalogue.js';
import { wordsIn, type Words } from '../../platform/locale/words.js';
import type { InviteView } from '../invites/invite-row.js';
import type { InviteCase, Result } from './invite-case.js';
import { rules } from './rules.js';

/**
 * One rule that was looked at: whether it holds, by what, and what that means in plain words. `at`: when it was met; `by`:
 * when it is decided. Times are ISO 8601.
 */
export interface RuleResult {
  rule: string;
  title: string;
  result: Result;
  inputs: Record<string, unknown>;
  explanation: string;
  at: string | null;
  by: string | null;
}

/** Why an invite has, or has not yet, brought credit: the rules in order, what is missing, by when, and what happens next. */
export interface Explanation {
  invite: InviteView;
  termsVersion: number;
  rules: RuleResult[];
  missing: string[];
  by: string | null;
  next: string;
}

/** Judges a case by every rule, in words. */
export function explain(of: InviteCase, t: Words = wordsIn(fallbackLocale)): Explanation {
  const results = rules
    .flatMap((rule) => rule(of) ?? [])
    .map(({ rule, result, inputs, words, values, at = null, by = null }): RuleResult => {
      const title = t(`explain.rules.${rule}`);
      return { rule, title, result, inputs, explanation: t(words, values), at, by };
    });
  const open = results.filter(({ result }) => result === 'missing' || result === 'waiting');
  return {
    invite: of.invite,
    termsVersion: of.terms.version,
    rules: results,
    missing: open.map(({ explanation }) => explanation),
    by: open.map(({ by }) => by).find((by) => by !== null) ?? null,
    next: of.invite.nextStep,
  };
}
