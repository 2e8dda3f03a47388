import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { invalidField } from '../../platform/http/validation.js';
import type { RuleSetting } from '../../referral/index.js';

/** What a rule may do. */
export const ruleModes = ['live', 'shadow', 'off'] as const satisfies RuleSetting['mode'][];

/** Other settings of a rule. */
export type RuleChange = Omit<RuleSetting, 'name'>;

/** The mode in a form or query; null for none of {@link ruleModes}. */
export function parseRuleMode(fields: FormFields): RuleChange['mode'] | null {
  return ruleModes.find((mode) => mode === textField(fields, 'mode')) ?? null;
}

/** The weight in a form or query, 0 to 100; null for anything else. */
export function parseRuleWeight(fields: FormFields): number | null {
  const text = textField(fields, 'weight').trim();
  return /^\d{1,3}$/.test(text) && Number(text) <= 100 ? Number(text) : null;
}

/** The settings in a form. Errors: `request.invalid`. */
export function parseRuleChange(fields: FormFields): RuleChange {
  const mode = parseRuleMode(fields);
  const weight = parseRuleWeight(fields);
  if (mode === null) throw invalidField('mode', 'fraud.problem.mode');
  if (weight === null) throw invalidField('weight', 'fraud.problem.weight');
  return { mode, weight };
}

/** When the rule had been changed last, as the form knows it; null: never. */
export function parseBasedOn(fields: FormFields): Date | null {
  const text = textField(fields, 'basedOn');
  return /^\d{1,15}$/.test(text) ? new Date(Number(text)) : null;
}
