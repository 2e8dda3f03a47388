import { RuleBook } from '../referral/index.js';
import type { Get } from './application.js';
import type { Report } from './report.js';

/** Lists the fraud rules: what each may do, how often it hit, and the share of decided hits that people rejected. */
export async function listRules(get: Get): Promise<Report> {
  const rules = await get(RuleBook).list();
  return {
    json: rules,
    lines: rules.map(({ name, mode, weight, hits, decided, precision }) => {
      const agreed =
        precision === null ? 'not decided yet' : `${Math.round(100 * precision)} % of ${decided}`;
      return `${name.padEnd(18)} ${mode.padEnd(6)} ${String(weight).padStart(3)}  ${hits} hits, precision ${agreed}`;
    }),
  };
}
