import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { addMs, dayMs } from '../../platform/durations.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { paginate } from '../../platform/http/page.dto.js';
import type { Principal } from '../../platform/security/principal.js';
import { FraudRules, type RecentRule, type RuleCase, type StoredRule } from '../../referral/index.js';
import { AdminForms, nextHref, type StaffViewer } from '../admin-forms.js';
import { AdminReferralsRepository } from '../referrals/admin-referrals.repository.js';
import type { ReferralDto } from '../referrals/referral.dto.js';
import { parseRuleMode, parseRuleWeight, type RuleChange } from './rule-change.js';

/** Rules are judged by what they hit in so many days. */
export const judgedDays = 30;

/** All rules with what became of their hits. */
export interface RuleListModel {
  viewer: StaffViewer;
  rules: RecentRule[];
}

/** A referral that other settings would have treated otherwise. */
export type RuleCaseModel = RuleCase & { referral: ReferralDto | null };

/** How many referrals other settings would have treated otherwise, by what became of them. */
export interface EffectCount {
  before: RuleCase['before'];
  after: RuleCase['after'];
  count: number;
}

/**
 * A rule, and what `tried` settings would have done; they are those of the rule where none were
 * asked for.
 */
export interface RulePageModel {
  viewer: StaffViewer;
  mayChange: boolean;
  rule: StoredRule;
  tried: RuleChange;
  hits: number;
  isCut: boolean;
  effects: EffectCount[];
  cases: RuleCaseModel[];
  nextHref: string | null;
  idempotencyKey: string;
  reason: string;
  isDone: boolean;
  problem: string | null;
}

const casesShown = 25;

/** Gathers what the pages about fraud rules show. */
@Injectable()
export class FraudPageLoader {
  constructor(
    private readonly rules: FraudRules,
    private readonly referrals: AdminReferralsRepository,
    private readonly forms: AdminForms,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** All rules. */
  async listPage(me: Principal): Promise<RuleListModel> {
    const [viewer, rules] = await Promise.all([
      this.forms.viewerFor(me),
      this.rules.listWithRecentHits(this.since()),
    ]);
    return { viewer, rules };
  }

  /** A rule, with the settings in `fields` tried on what it hit. Errors: `request.not_found`. */
  async rulePage(
    me: Principal,
    name: string,
    fields: FormFields,
    problem: string | null = null,
  ): Promise<RulePageModel> {
    const rule = await this.rules.get(this.database, name);
    const tried = triedSettings(rule, fields);
    const { cases, isCut } = await this.rules.simulate({ name, ...tried }, this.since());
    const changed = cases.filter(({ before, after }) => before !== after);
    const cursor = textField(fields, 'cursor');
    const page = paginate(changed, { limit: casesShown, ...(cursor === '' ? {} : { cursor }) });
    return {
      viewer: await this.forms.viewerFor(me),
      mayChange: me.role === 'admin',
      ...{ rule, tried, isCut, problem },
      hits: cases.length,
      effects: countEffects(changed),
      cases: await this.withReferrals(page.items),
      nextHref: nextHref(
        `/admin/fraud/rules/${encodeURIComponent(name)}`,
        { mode: tried.mode, weight: String(tried.weight) },
        page.nextCursor,
      ),
      idempotencyKey: this.forms.newIdempotencyKey(),
      reason: textField(fields, 'reason'),
      isDone: textField(fields, 'done') === 'changed',
    };
  }

  private since(): Date {
    return addMs(this.clock.now(), -judgedDays * dayMs);
  }

  private async withReferrals(cases: RuleCase[]): Promise<RuleCaseModel[]> {
    const found = await this.referrals.findMany(
      this.database,
      cases.map(({ referralId }) => referralId),
    );
    const byId = new Map(found.map((referral) => [referral.id, referral]));
    return cases.map((one) => ({ ...one, referral: byId.get(one.referralId) ?? null }));
  }
}

/** A rule in shadow is tried live; what is not a setting counts as that of the rule. */
function triedSettings(rule: StoredRule, fields: FormFields): RuleChange {
  return {
    mode: parseRuleMode(fields) ?? (rule.mode === 'shadow' ? 'live' : rule.mode),
    weight: parseRuleWeight(fields) ?? rule.weight,
  };
}

function countEffects(cases: readonly RuleCase[]): EffectCount[] {
  const counts = new Map<string, EffectCount>();
  for (const { before, after } of cases) {
    const key = `${before} ${after}`;
    counts.set(key, { before, after, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((one, other) => other.count - one.count);
}
