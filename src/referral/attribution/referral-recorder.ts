import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { newId } from '../../platform/ids.js';
import { Log } from '../../platform/observability/logging/log.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import type { NewReferral } from './new-referral.js';
import type { ReferralLinked } from '../referral.events.js';
import { ProgrammeTerms } from '../terms/programme-terms.js';

/** Writes the lasting facts about referrals. */
@Injectable()
export class ReferralRecorder {
  constructor(
    private readonly terms: ProgrammeTerms,
    private readonly auditLog: AuditLog,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Inserts the referral under the terms in force; null when the newcomer is linked already. */
  async insertReferral(
    tx: Tx,
    newReferral: NewReferral & { referrerId: string },
  ): Promise<{ id: string; referrerId: string } | null> {
    const { referrerId, referredId, code } = newReferral;
    const { version } = await this.terms.current(tx);
    const referralId = newId(this.clock);
    const rows: unknown[] = await tx.query(
      `INSERT INTO referral.referral (id, referrer_id, referred_id, code, terms_version, origin, label, linked_at, domain_class, campaign)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (referred_id) DO NOTHING RETURNING id`,
      [
        ...[
          referralId,
          referrerId,
          referredId,
          code,
          version,
          newReferral.origin ?? 'sign_up',
          newReferral.label,
        ],
        ...[
          this.clock.now(),
          newReferral.domainClass,
          newReferral.campaign == null ? null : JSON.stringify(newReferral.campaign),
        ],
      ],
    );
    if (rows.length === 0) return null;
    await this.pointToMergedAccount(tx, referralId);
    const ids = { referralId, referrerId, referredId };
    this.auditLog.record(tx, {
      action: 'referral.linked',
      actor: newReferral.actor ?? { kind: 'user', id: referredId },
      subjectId: referredId,
      details: { ...ids, origin: newReferral.origin ?? 'sign_up' },
      ...(newReferral.noteId === undefined ? {} : { noteId: newReferral.noteId }),
    });
    const event: ReferralLinked = { name: 'referral.linked', ...ids };
    await this.outbox.publish(tx, event);
    this.log.infoAfterCommit(tx, 'referral.linked', { ...ids, code });
    return { id: referralId, referrerId };
  }

  /** A referrer who was merged while we waited for their row is known by now, and merged no more before we commit. */
  private async pointToMergedAccount(tx: Tx, referralId: string): Promise<void> {
    await tx.query(
      `UPDATE referral.referral SET referrer_id = platform.current_account_of(referrer_id)
       WHERE id = $1 AND referrer_id <> platform.current_account_of(referrer_id)`,
      [referralId],
    );
  }
}
