import { Inject, Injectable } from '@nestjs/common';
import type { AuditAction } from '../../platform/audit-actions.js';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { addMs, minuteMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import { ConversionsRepository } from '../conversions/conversions.repository.js';
import type { LockedReferral } from '../conversions/referral-state.js';
import { alreadyDecided, ReviewService } from './review.service.js';
import { ScheduledDecisionsRepository, type ScheduledDecision } from './scheduled-decisions.repository.js';

const batchSize = 100;

/** A decision of an admin about a referral; `noteId` is its reason. */
export type RequestedDecision = Pick<ScheduledDecision, 'decision' | 'decidedBy' | 'noteId'>;

/**
 * Decisions that staff can undo for some minutes. Until then nothing happens: no credit moves, and
 * no email is sent.
 */
@Injectable()
export class ScheduledReviews {
  // eslint-disable-next-line max-params -- one decision, and what it takes to carry it out
  constructor(
    private readonly scheduled: ScheduledDecisionsRepository,
    private readonly conversions: ConversionsRepository,
    private readonly reviewService: ReviewService,
    private readonly auditLog: AuditLog,
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Decides about a referral; answers when that takes effect. Of several people at once, one
   * decides. Idempotent for the same person.
   * Errors: `request.not_found`; `referral.decided`.
   */
  async schedule(tx: Tx, referralId: string, requested: RequestedDecision): Promise<Date> {
    const { referral, decision: inForce } = await this.lock(tx, referralId);
    if (inForce !== null) throw alreadyDecided(inForce);
    const decidedAt = this.clock.now();
    const takesEffectAt = addMs(decidedAt, this.config.reviewUndoMinutes * minuteMs);
    if (!(await this.scheduled.insert(tx, referralId, { ...requested, decidedAt, takesEffectAt })))
      return this.sameDecision(tx, referralId, requested);
    this.auditLog.record(tx, {
      action: 'referral.review_scheduled',
      actor: { kind: 'admin', id: requested.decidedBy },
      subjectId: referral.referredId,
      details: {
        ...{ referralId, referrerId: referral.referrerId, decision: requested.decision },
        takesEffectAt: takesEffectAt.toISOString(),
      },
      noteId: requested.noteId,
    });
    return takesEffectAt;
  }

  /**
   * Takes a decision back before it takes effect: the referral waits again. Idempotent.
   * Errors: `request.not_found`; `referral.undo_too_late`.
   */
  async undo(tx: Tx, referralId: string, actor: Actor): Promise<void> {
    const { referral, decision: inForce } = await this.lock(tx, referralId);
    const undone = await this.scheduled.deleteBeforeEffect(tx, referralId, this.clock.now());
    if (undone !== null) this.recordEnd(tx, 'referral.review_undone', referral, { ...undone, actor });
    else if (inForce !== null || (await this.scheduled.find(tx, referralId)) !== null)
      throw new DomainError('referral.undo_too_late', { text: { key: 'review.problem.undoTooLate' } });
  }

  /**
   * Carries out all decisions that take effect by now, each in a transaction of its own; answers
   * how many. Idempotent, also at the same time.
   * Errors: of those that failed, after all others were carried out.
   */
  async applyDue(): Promise<number> {
    const failures: unknown[] = [];
    const seen = new Set<string>();
    for (;;) {
      const limit = batchSize + failures.length;
      const found = await this.scheduled.findDue(this.database, this.clock.now(), limit);
      const due = found.filter((id) => !seen.has(id));
      if (due.length === 0) break;
      for (const id of due) {
        seen.add(id);
        await this.apply(id).catch((error: unknown) => failures.push(error));
      }
    }
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} decisions could not be carried out`);
    return seen.size;
  }

  private apply(referralId: string): Promise<void> {
    return this.database.transaction(async (tx) => {
      const { referral, decision: inForce } = await this.lock(tx, referralId);
      const due = await this.scheduled.deleteDue(tx, referralId, this.clock.now());
      if (due === null) return;
      const { decision, noteId, decidedBy } = due;
      const actor: Actor = { kind: 'admin', id: decidedBy };
      // a merge of accounts closed the referral meanwhile
      if (inForce !== null) this.recordEnd(tx, 'referral.review_dropped', referral, { ...due, actor });
      else await this.reviewService.decide(tx, referralId, { decision, actor, noteId });
    });
  }

  /** The locked referral and the decision in force. Errors: `request.not_found`. */
  private async lock(
    tx: Tx,
    referralId: string,
  ): Promise<{ referral: LockedReferral; decision: ScheduledDecision['decision'] | null }> {
    const locked = await this.conversions.loadForUpdate(tx, { referralId });
    if (locked === null)
      throw new DomainError('request.not_found', { text: { key: 'console.problem.referralUnknown' } });
    return { referral: locked.referral, decision: locked.review?.decision ?? null };
  }

  private async sameDecision(tx: Tx, referralId: string, requested: RequestedDecision): Promise<Date> {
    const first = await this.scheduled.find(tx, referralId);
    if (first === null) throw new Error(`The decision about referral ${referralId} is gone under its lock`);
    if (first.decidedBy !== requested.decidedBy || first.decision !== requested.decision)
      throw alreadyDecided(first.decision);
    return first.takesEffectAt;
  }

  private recordEnd(
    tx: Tx,
    action: AuditAction,
    { referrerId, referredId, id: referralId }: LockedReferral,
    { decision, actor, noteId }: ScheduledDecision & { actor: Actor },
  ): void {
    this.auditLog.record(tx, {
      action,
      actor,
      subjectId: referredId,
      details: { referralId, referrerId, decision },
      noteId,
    });
  }
}
