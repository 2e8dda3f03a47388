import type { Review } from '../conversions/reward-status.js';
import type { RecentHit } from './fraud.repository.js';
import { scoreHits, type Hit, type RuleSetting } from './rule-evaluation.js';

/**
 * A referral that a rule hit: the outcome of all rules as they found it, and with other settings of
 * this rule.
 */
export interface RuleCase extends Pick<RecentHit, 'referralId' | 'rule' | 'evidence' | 'at' | 'decision'> {
  before: Review['outcome'];
  after: Review['outcome'];
}

/**
 * What other settings of a rule would have done; `isCut`: there are more hits than are looked at.
 */
export interface RuleSimulation {
  cases: RuleCase[];
  isCut: boolean;
}

/**
 * What other settings of a rule would have made of the referrals that it hit. `liveHits` are those
 * of all rules for these referrals.
 */
export function simulateRule(
  { name, mode, weight }: RuleSetting,
  hits: readonly RecentHit[],
  liveHits: readonly (Hit & { referralId: string })[],
): RuleCase[] {
  const liveByReferral = Map.groupBy(liveHits, ({ referralId }) => referralId);
  return hits.map((hit) => {
    const live = liveByReferral.get(hit.referralId) ?? [];
    const others = live.filter(({ rule }) => rule !== name);
    const { referralId, rule, evidence, at, decision } = hit;
    return {
      ...{ referralId, rule, evidence, at, decision },
      before: scoreHits(live).outcome,
      after: scoreHits(mode === 'live' ? [...others, { ...hit, mode, weight }] : others).outcome,
    };
  });
}
