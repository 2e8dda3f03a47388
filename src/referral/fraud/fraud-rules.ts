import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import { Database } from '../../platform/database/database.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import type { FraudRuleDto } from '../referral.dto.js';
import { FraudRepository, maxRecentHits, type RecentRule, type StoredRule } from './fraud.repository.js';
import { defaultRuleSettings, type RuleSetting } from './rule-evaluation.js';
import { simulateRule, type RuleSimulation } from './rule-simulation.js';

/** The settings and statistics of fraud rules. */
@Injectable()
export class FraudRules implements OnModuleInit {
  constructor(
    private readonly repository: FraudRepository,
    private readonly database: Database,
    private readonly auditLog: AuditLog,
  ) {}

  /** Adds the settings of rules that are new; what the operator has set stays. Idempotent. */
  async onModuleInit(): Promise<void> {
    await this.database.transaction((tx) => this.repository.addRules(tx, defaultRuleSettings));
  }

  /** Every rule with its statistics. */
  async listWithStats(): Promise<FraudRuleDto[]> {
    const rules = await this.repository.listRulesWithStats();
    return rules.map(({ changedAt, ...rule }) => ({
      ...rule,
      precision: rule.decided === 0 ? null : rule.rejected / rule.decided,
      changedAt,
    }));
  }

  /** Every rule with what became of its hits since a time; of many hits only the newest count. */
  listWithRecentHits(since: Date): Promise<RecentRule[]> {
    return this.repository.listRulesWithRecentHits(since);
  }

  /** A rule as it is set. Errors: `request.not_found`. */
  async get(db: Queryable, name: string): Promise<StoredRule> {
    const rule = await this.repository.findRule(db, name);
    if (rule === null)
      throw new DomainError('request.not_found', { text: { key: 'fraud.problem.ruleUnknown' } });
    return rule;
  }

  /**
   * What other settings of a rule would have done to the referrals that it hit since a time, the
   * newest first.
   */
  async simulate(setting: RuleSetting, since: Date): Promise<RuleSimulation> {
    const hits = await this.repository.findRecentHits(setting.name, since, maxRecentHits);
    const live = await this.repository.findLiveHitsOf(hits.map(({ referralId }) => referralId));
    return { cases: simulateRule(setting, hits, live), isCut: hits.length >= maxRecentHits };
  }

  /**
   * Sets what a rule may do from now on; what it found before stays. `basedOn` is when the rule had
   * been changed last as the caller knows it (undefined: whenever).
   * Errors: `request.not_found` for an unknown rule; `referral.rule_changed`.
   */
  async updateRule(
    tx: Tx,
    { name, mode, weight }: RuleSetting,
    { actor, noteId, basedOn }: { actor: Actor; noteId: string; basedOn?: Date | null },
  ): Promise<void> {
    if (!(await this.repository.updateRule(tx, { name, mode, weight }, basedOn))) {
      await this.get(tx, name);
      throw new DomainError('referral.rule_changed', { text: { key: 'fraud.problem.ruleChanged' } });
    }
    this.auditLog.record(tx, {
      action: 'referral.fraud_rule_changed',
      actor,
      details: { name, mode, weight },
      noteId,
    });
  }
}
