import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../platform/audit-log.js';
import { enqueueWrite, type Tx } from '../../platform/database/tx.js';
import { Log } from '../../platform/observability/logging/log.js';
import type { Review } from '../conversions/reward-status.js';
import { ConversionsRepository } from '../conversions/conversions.repository.js';
import { FraudRepository } from './fraud.repository.js';
import { evaluateRules, scoreHits, type Hit } from './rule-evaluation.js';

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
   * Checks a referral again by every rule. Answers the outcome, and whether it changed; a decision
   * of staff stays. Idempotent, also at the same time. A hit stays stored when its cause
   * disappears.
   */
  async evaluate(tx: Tx, referralId: string): Promise<{ outcome: Review['outcome']; hasChanged: boolean }> {
    const [locked, hits] = await Promise.all([
      this.conversions.loadForUpdate(tx, { referralId }),
      this.checkRules(tx, referralId),
    ]);
    if (locked === null) throw missing(referralId);
    this.repository.saveHits(tx, referralId, hits);
    const { score, outcome } = scoreHits(await this.repository.findLiveHits(tx, referralId));
    const hasChanged = await this.repository.saveOutcome(tx, referralId, outcome);
    if (hasChanged) this.recordOutcome(tx, { ...locked.referral, id: referralId }, { score, outcome });
    return { outcome, hasChanged };
  }

  /** As {@link evaluate}, for a referral that this transaction has inserted. */
  async evaluateNew(tx: Tx, referral: EvaluatedReferral): Promise<void> {
    const hits = await this.checkRules(tx, referral.id);
    this.repository.saveHits(tx, referral.id, hits);
    const { score, outcome } = scoreHits(hits.filter(({ mode }) => mode === 'live'));
    if (outcome === 'allow') return;
    await this.repository.saveOutcome(tx, referral.id, outcome);
    this.recordOutcome(tx, referral, { score, outcome });
  }

  private async checkRules(tx: Tx, referralId: string): Promise<Hit[]> {
    // a plan that was made while the tables were small would read them whole; before PostgreSQL 18
    // the costs without would have the plan compiled
    enqueueWrite(tx, 'SET LOCAL enable_seqscan = off; SET LOCAL jit = off', []);
    const [settings, input] = await Promise.all([
      this.repository.findActiveRules(tx),
      this.repository.loadRuleInput(tx, referralId),
    ]);
    if (input === null) throw missing(referralId);
    return evaluateRules(input, settings);
  }

  private recordOutcome(
    tx: Tx,
    { id: referralId, referrerId, referredId }: EvaluatedReferral,
    { score, outcome }: { score: number; outcome: Review['outcome'] },
  ): void {
    this.auditLog.record(tx, {
      action: 'referral.fraud_evaluated',
      actor: { kind: 'system' },
      subjectId: referredId,
      details: { referralId, referrerId, outcome, score },
    });
    this.log.infoAfterCommit(tx, 'referral.fraud_evaluated', { referralId, outcome, score });
  }
}

interface EvaluatedReferral {
  id: string;
  referrerId: string | null;
  referredId: string;
}

function missing(referralId: string): Error {
  return new Error(`Referral ${referralId} does not exist`);
}
