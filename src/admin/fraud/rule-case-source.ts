import type { FormFields } from '../../platform/http/form-fields.js';
import type { ListRequest } from '../../platform/lists/list-request.js';
import type { FileSource } from '../lists/list-view.js';
import { judgedDays } from './fraud-page-loader.js';
import { parseRuleMode, parseRuleWeight, ruleModes } from './rule-change.js';
import type { RuleCaseModel, RuleTrials } from './rule-trials.js';

const ruleCaseList = {
  filters: [
    { name: 'mode', kind: 'choice', values: ruleModes },
    { name: 'weight', kind: 'choice', values: Array.from({ length: 101 }, (_, weight) => String(weight)) },
  ],
  sorts: [{ name: 'found' }],
} as const;

/**
 * The referrals that other settings of a rule would have treated otherwise, newest first. Errors:
 * `request.not_found`.
 */
export async function ruleCaseSource(trials: RuleTrials, name: string): Promise<FileSource<RuleCaseModel>> {
  const rule = await trials.getRule(name);
  return {
    ...{ name: 'rule-cases', about: { rule: rule.name }, definition: ruleCaseList },
    async *readAll({ filters }: ListRequest) {
      const asked: FormFields = filters;
      const settings = { mode: parseRuleMode(asked), weight: parseRuleWeight(asked) };
      const { changed } = await trials.run(name, settings, judgedDays);
      yield await trials.withReferrals(changed);
    },
  };
}
