import type { Translate } from '../../platform/i18n/translations.js';
import { moneyProblemText } from '../../platform/money-problem-text.js';
import { parseMoney } from '../../platform/money.js';
import { problemText, type TermsProblem } from '../../referral/index.js';
import type { MinimumAmountValues, TermsFormValues } from './terms-form.js';

/** What is wrong with minimum amounts, by the name of the field, for what the rules refused. */
export function minimumAmountErrors(
  t: Translate,
  { minimumAmounts, newMinimum }: TermsFormValues,
  problems: readonly TermsProblem[],
): [string, string][] {
  const own = problems.filter(({ path }) => path === 'minimumAmounts');
  if (own.length === 0) return [];
  const rows = [
    ...minimumAmounts.map((row) => [`minimumAmounts.${row.currency}`, row] as const),
    ['newMinimum', newMinimum] as const,
  ];
  const byRow = rows.flatMap(([name, row]): [string, string][] => {
    const problem = own.find(({ details }) => String(details.currency).toLowerCase() === row.currency);
    return problem === undefined ? [] : [[name, textOf(t, row, problem)]];
  });
  const [first] = own;
  return byRow.length > 0 || first === undefined ? byRow : [['newMinimum', problemText(t, first)]];
}

/** What was typed says more than the limits, where it is no amount at all. */
function textOf(t: Translate, { currency, amount }: MinimumAmountValues, problem: TermsProblem): string {
  const parsed = parseMoney(amount, currency);
  return problem.code === 'currency' || amount === '' || parsed.problem === null
    ? problemText(t, problem)
    : moneyProblemText(t, { problem: parsed.problem, text: amount, currency });
}
