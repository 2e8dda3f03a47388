import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import type { FraudRuleDto } from '../referral.dto.js';
import { FraudRepository } from './fraud.repository.js';
import { defaultRuleSettings, type RuleSetting } from './rule-evaluation.js';

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

  /**
   * Sets what a rule may do from now on; what it found before stays. Errors: `request.not_found`
   * for an unknown rule.
   */
  async updateRule(
    tx: Tx,
    { name, mode, weight }: RuleSetting,
    { actor, noteId }: { actor: Actor; noteId: string },
  ): Promise<void> {
    if (!(await this.repository.updateRule(tx, { name, mode, weight })))
      throw new DomainError('request.not_found', { detail: `Rule ${name} does not exist.` });
    this.auditLog.record(tx, {
      action: 'referral.fraud_rule_changed',
      actor,
      details: { name, mode, weight },
      noteId,
    });
  }
}
