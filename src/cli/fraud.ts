import { FraudRules } from '../referral/index.js';
import type { GetService } from './application.js';
import type { CommandReport } from './command-context.js';

/** Lists the fraud rules: what each may do, how often it hit, and the share of decided hits that people rejected. */
export async function listFraudRules(get: GetService): Promise<CommandReport> {
  const rules = await get(FraudRules).listWithStats();
  return {
    json: rules,
    lines: rules.map(({ name, mode, weight, hits, decided, precision }) => {
      const precisionText =
        precision === null ? 'not decided yet' : `${Math.round(100 * precision)} % of ${decided}`;
      return `${name.padEnd(18)} ${mode.padEnd(6)} ${String(weight).padStart(3)}  ${hits} hits, precision ${precisionText}`;
    }),
  };
}
