import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { addMs, dayMs } from '../../platform/durations.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { paginate } from '../../platform/http/page.dto.js';
import type { Principal } from '../../platform/security/principal.js';
import { FraudRules, type RecentRule, type StoredRule } from '../../referral/index.js';
import { AdminForms, nextHref, type StaffViewer } from '../admin-forms.js';
import { parseRuleMode, parseRuleWeight, type RuleChange } from './rule-change.js';
import { RuleTrials, type EffectCount, type RuleCaseModel } from './rule-trials.js';

/** Rules are judged by what they hit in so many days. */
export const judgedDays = 30;

/** All rules with what became of their hits. */
export interface RuleListModel {
  viewer: StaffViewer;
  rules: RecentRule[];
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
    private readonly trials: RuleTrials,
    private readonly forms: AdminForms,
    private readonly clock: Clock,
  ) {}

  /** All rules. */
  async listPage(me: Principal): Promise<RuleListModel> {
    const [viewer, rules] = await Promise.all([
      this.forms.viewerFor(me),
      this.rules.listWithRecentHits(addMs(this.clock.now(), -judgedDays * dayMs)),
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
    const asked = { mode: parseRuleMode(fields), weight: parseRuleWeight(fields) };
    const { rule, tried, hits, isCut, effects, changed } = await this.trials.run(name, asked, judgedDays);
    const cursor = textField(fields, 'cursor');
    const page = paginate(changed, { limit: casesShown, ...(cursor === '' ? {} : { cursor }) });
    return {
      viewer: await this.forms.viewerFor(me),
      mayChange: me.role === 'admin',
      ...{ rule, tried, hits, isCut, effects, problem },
      cases: await this.trials.withReferrals(page.items),
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
}
