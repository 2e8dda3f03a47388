import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { newId } from '../../platform/ids.js';
import { Log } from '../../platform/observability/logging/log.js';
import type { Review } from '../conversions/conversion.js';
import { lockReferral } from '../conversions/referral-state.js';
import { loadRuleInput } from './rule-input.js';
import { FraudRules } from './fraud-rules.js';
import { evaluateRules, scoreHits, type Hit } from './rule-evaluation.js';

/** Checks referrals by the rules, writes down what they find, and says what follows. */
@Injectable()
export class FraudService {
  constructor(
    private readonly rules: FraudRules,
    private readonly auditLog: AuditLog,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Checks a referral by every rule. Answers what they make of it, and whether that is news; a person's decision stays.
   * Again, also at once: the same, with nothing written. What was found once is not forgotten when its cause goes.
   */
  async evaluate(tx: Tx, referralId: string): Promise<{ outcome: Review['outcome']; hasChanged: boolean }> {
    const settings = await this.rules.findActive(tx);
    const referral = await lockReferral(tx, referralId);
    const input = await loadRuleInput(tx, referralId);
    if (referral === null || input === null) throw new Error(`Referral ${referralId} does not exist`);
    await this.saveHits(tx, referralId, evaluateRules(input, settings));
    const { score, outcome } = scoreHits(await this.findLiveHits(tx, referralId));
    const hasChanged = await this.saveOutcome(tx, referralId, outcome);
    if (!hasChanged) return { outcome, hasChanged };
    const { referrerId, referredId } = referral;
    this.auditLog.record(tx, {
      action: 'referral.fraud_evaluated',
      actor: { kind: 'system' },
      subjectId: referredId,
      details: { referralId, referrerId, outcome, score },
    });
    this.log.infoAfterCommit(tx, 'referral.fraud_evaluated', { referralId, outcome, score });
    return { outcome, hasChanged };
  }

  private async saveHits(tx: Tx, referralId: string, hits: Hit[]): Promise<void> {
    if (hits.length === 0) return;
    await tx.query(
      `INSERT INTO referral.fraud_rule_hit (id, referral_id, rule, version, mode, weight, evidence, at)
       SELECT id, $1, rule, version, mode, weight, evidence, $2
       FROM unnest($3::uuid[], $4::text[], $5::integer[], $6::text[], $7::integer[], $8::jsonb[])
         AS h(id, rule, version, mode, weight, evidence)
       ON CONFLICT DO NOTHING`,
      [
        referralId,
        this.clock.now(),
        hits.map(() => newId(this.clock)),
        hits.map(({ rule }) => rule),
        hits.map(({ version }) => version),
        hits.map(({ mode }) => mode),
        hits.map(({ weight }) => weight),
        hits.map(({ evidence }) => JSON.stringify(evidence)),
      ],
    );
  }

  /** What each rule found last while it was live: a rule that is tried in shadow later takes nothing back. */
  private async findLiveHits(tx: Tx, referralId: string): Promise<Hit[]> {
    return tx.query(
      `SELECT DISTINCT ON (rule) rule, version, mode, weight, evidence FROM referral.fraud_rule_hit
       WHERE referral_id = $1 AND mode = 'live' ORDER BY rule, at DESC, id DESC`,
      [referralId],
    );
  }

  /** False when the outcome is what it was. */
  private async saveOutcome(tx: Tx, referralId: string, outcome: Review['outcome']): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `INSERT INTO referral.review AS v (referral_id, outcome, opened_at)
       SELECT $1, $2, $3 WHERE $2 <> 'allow' OR EXISTS (SELECT 1 FROM referral.review WHERE referral_id = $1)
       ON CONFLICT (referral_id) DO UPDATE SET outcome = excluded.outcome, opened_at = excluded.opened_at
       WHERE v.outcome <> excluded.outcome RETURNING referral_id`,
      [referralId, outcome, this.clock.now()],
    );
    return rows.length > 0;
  }
}
