import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../platform/audit-log.js';
import { enqueueWrite, type Tx } from '../../platform/database/tx.js';
import { Log } from '../../platform/observability/logging/log.js';
import type { Review } from '../conversions/reward-status.js';
import { ConversionsRepository } from '../conversions/conversions.repository.js';
import { FraudRepository } from './fraud.repository.js';
import { evaluateRules, scoreHits } from './rule-evaluation.js';

/** Checks referrals by the fraud rules and stores their hits and the outcome. */
@Injectable()
export class FraudService {
  constructor(
    private readonly repository: FraudRepository,
    private readonly conversions: ConversionsRepository,
    private readonly auditLog: AuditLog,
    private readonly log: Log,
  ) {}

  /**
   * Checks a referral by every rule. Answers the outcome, and whether it changed; a decision of
   * staff stays. Idempotent, also at the same time. A hit stays stored when its cause disappears.
   */
  async evaluate(tx: Tx, referralId: string): Promise<{ outcome: Review['outcome']; hasChanged: boolean }> {
    const settings = await this.repository.findActiveRules(tx);
    const locked = await this.conversions.loadForUpdate(tx, { referralId });
    // a plan that was made while the tables were small would read them whole
    enqueueWrite(tx, 'SET LOCAL enable_seqscan = off', []);
    const input = await this.repository.loadRuleInput(tx, referralId);
    if (locked === null || input === null) throw new Error(`Referral ${referralId} does not exist`);
    await this.repository.saveHits(tx, referralId, evaluateRules(input, settings));
    const { score, outcome } = scoreHits(await this.repository.findLiveHits(tx, referralId));
    const hasChanged = await this.repository.saveOutcome(tx, referralId, outcome);
    if (!hasChanged) return { outcome, hasChanged };
    const { referrerId, referredId } = locked.referral;
    this.auditLog.record(tx, {
      action: 'referral.fraud_evaluated',
      actor: { kind: 'system' },
      subjectId: referredId,
      details: { referralId, referrerId, outcome, score },
    });
    this.log.infoAfterCommit(tx, 'referral.fraud_evaluated', { referralId, outcome, score });
    return { outcome, hasChanged };
  }
}
