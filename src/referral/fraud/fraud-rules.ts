import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import type { FraudFindingDto } from '../explain/explanation.dto.js';
import type { FraudRuleDto } from './fraud-rule.dto.js';
import { defaultRuleSettings, type RuleSetting } from './rule-evaluation.js';

/** What each rule may do, and how well it does. */
@Injectable()
export class FraudRules implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly auditLog: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Adds the settings of rules that are new; what the operator has set stays. Idempotent. */
  async onModuleInit(): Promise<void> {
    await this.database.transaction((tx) =>
      tx.query(
        `INSERT INTO referral.fraud_rule (name, mode, weight)
         SELECT name, mode, weight FROM unnest($1::text[], $2::text[], $3::integer[]) AS r(name, mode, weight)
         ON CONFLICT DO NOTHING`,
        [
          defaultRuleSettings.map(({ name }) => name),
          defaultRuleSettings.map(({ mode }) => mode),
          defaultRuleSettings.map(({ weight }) => weight),
        ],
      ),
    );
  }

  /** The settings in force. */
  findActive(db: Queryable): Promise<RuleSetting[]> {
    return db.query<RuleSetting>(`SELECT name, mode, weight FROM referral.fraud_rule WHERE mode <> 'off'`);
  }

  /** Every rule with how it does. */
  async listWithStats(): Promise<FraudRuleDto[]> {
    const rows = await this.database.query<
      Omit<FraudRuleDto, 'precision' | 'changedAt'> & { changed_at: Date | null }
    >(
      `SELECT r.name, r.mode, r.weight, r.changed_at, count(DISTINCT h.referral_id)::integer AS hits,
         count(DISTINCT h.referral_id) FILTER (WHERE v.decision IS NOT NULL)::integer AS decided,
         count(DISTINCT h.referral_id) FILTER (WHERE v.decision = 'rejected')::integer AS rejected
       FROM referral.fraud_rule r LEFT JOIN referral.fraud_rule_hit h ON h.rule = r.name
       LEFT JOIN referral.review v ON v.referral_id = h.referral_id
       GROUP BY r.name ORDER BY r.weight DESC, r.name`,
    );
    return rows.map(({ changed_at, ...row }) => ({
      ...row,
      precision: row.decided === 0 ? null : row.rejected / row.decided,
      changedAt: changed_at,
    }));
  }

  /** Sets what a rule may do from now on; what it found before stays. Errors: `request.not_found` for an unknown rule. */
  async updateRule(
    tx: Tx,
    { name, mode, weight }: RuleSetting,
    { actor, noteId }: { actor: Actor; noteId: string },
  ): Promise<void> {
    const [, changed]: [unknown[], number] = await tx.query(
      `UPDATE referral.fraud_rule SET mode = $2, weight = $3, changed_at = $4 WHERE name = $1`,
      [name, mode, weight, this.clock.now()],
    );
    if (changed === 0) throw new DomainError('request.not_found', { detail: `Rule ${name} does not exist.` });
    this.auditLog.record(tx, {
      action: 'referral.fraud_rule_changed',
      actor,
      details: { name, mode, weight },
      noteId,
    });
  }

  /** What the rules found about a referral, newest first. */
  async findFindings(referralId: string): Promise<FraudFindingDto[]> {
    return this.database.query<FraudFindingDto>(
      `SELECT rule, version, mode, weight, evidence, at FROM referral.fraud_rule_hit WHERE referral_id = $1 ORDER BY at DESC, id DESC`,
      [referralId],
    );
  }
}
