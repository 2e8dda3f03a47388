import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { addMs, dayMs } from '../../platform/durations.js';
import { FraudRules, type RuleCase, type StoredRule } from '../../referral/index.js';
import { AdminReferralsRepository } from '../referrals/admin-referrals.repository.js';
import type { ReferralDto } from '../referrals/referral.dto.js';
import type { RuleChange } from './rule-change.js';

/** A referral that other settings would have treated otherwise. */
export type RuleCaseModel = RuleCase & { referral: ReferralDto | null };

/** How many referrals other settings would have treated otherwise, by what became of them. */
export interface EffectCount {
  before: RuleCase['before'];
  after: RuleCase['after'];
  count: number;
}

/**
 * What `tried` settings of a rule would have done to its `hits` referrals; `changed`: those they
 * would have treated otherwise, the newest first. `isCut`: there are more hits than are looked at.
 */
export interface RuleTrial {
  rule: StoredRule;
  tried: RuleChange;
  hits: number;
  isCut: boolean;
  effects: EffectCount[];
  changed: RuleCase[];
}

/** Tries other settings of fraud rules on what they have found. */
@Injectable()
export class RuleTrials {
  constructor(
    private readonly rules: FraudRules,
    private readonly referrals: AdminReferralsRepository,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Tries settings on the hits of so many days; where one is null it is that of the rule, and a
   * rule in shadow is tried live. Errors: `request.not_found`.
   */
  async run(
    name: string,
    { mode, weight }: { [Name in keyof RuleChange]: RuleChange[Name] | null },
    days: number,
  ): Promise<RuleTrial> {
    const rule = await this.getRule(name);
    const tried = {
      mode: mode ?? (rule.mode === 'shadow' ? 'live' : rule.mode),
      weight: weight ?? rule.weight,
    };
    const since = addMs(this.clock.now(), -days * dayMs);
    const { cases, isCut } = await this.rules.simulate({ name, ...tried }, since);
    const changed = cases.filter(({ before, after }) => before !== after);
    return { rule, tried, hits: cases.length, isCut, effects: countEffects(changed), changed };
  }

  /** A rule as it is set. Errors: `request.not_found`. */
  getRule(name: string): Promise<StoredRule> {
    return this.rules.get(this.database, name);
  }

  /** The cases with their referrals. */
  async withReferrals(cases: readonly RuleCase[]): Promise<RuleCaseModel[]> {
    const found = await this.referrals.findMany(
      this.database,
      cases.map(({ referralId }) => referralId),
    );
    const byId = new Map(found.map((referral) => [referral.id, referral]));
    return cases.map((one) => ({ ...one, referral: byId.get(one.referralId) ?? null }));
  }
}

function countEffects(cases: readonly RuleCase[]): EffectCount[] {
  const counts = new Map<string, EffectCount>();
  for (const { before, after } of cases) {
    const key = `${before} ${after}`;
    counts.set(key, { before, after, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((one, other) => other.count - one.count);
}
