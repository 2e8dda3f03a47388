import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit.js';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { newId } from '../../platform/ids.js';
import { Log } from '../../platform/log.js';
import { Outbox } from '../../platform/outbox.js';
import type { Newcomer } from './newcomer.js';
import type { ReferralLinked } from '../referral.events.js';
import { ProgrammeTerms } from '../terms/programme-terms.js';

/** Writes the lasting facts about referrals. */
@Injectable()
export class ReferralTrail {
  constructor(
    private readonly terms: ProgrammeTerms,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Inserts the referral under the terms in force; null when the newcomer is linked already. */
  async link(
    tx: Tx,
    of: Newcomer & { referrerId: string },
  ): Promise<{ id: string; referrerId: string } | null> {
    const { referrerId, referredId, code } = of;
    const { version } = await this.terms.current(tx);
    const referralId = newId(this.clock);
    const rows: unknown[] = await tx.query(
      `INSERT INTO referral.referral (id, referrer_id, referred_id, code, terms_version, origin, label, linked_at, domain_class, touch)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (referred_id) DO NOTHING RETURNING id`,
      [
        ...[referralId, referrerId, referredId, code, version, of.origin ?? 'sign_up', of.label],
        ...[this.clock.now(), of.domainClass, of.touch == null ? null : JSON.stringify(of.touch)],
      ],
    );
    if (rows.length === 0) return null;
    await this.followMerge(tx, referralId);
    const ids = { referralId, referrerId, referredId };
    this.audit.record(tx, {
      action: 'referral.linked',
      actor: of.actor ?? { kind: 'user', id: referredId },
      subjectId: referredId,
      facts: { ...ids, origin: of.origin ?? 'sign_up' },
      ...(of.noteId === undefined ? {} : { noteId: of.noteId }),
    });
    const event: ReferralLinked = { name: 'referral.linked', ...ids };
    await this.outbox.publish(tx, event);
    this.log.event(tx, 'referral.linked', { ...ids, code });
    return { id: referralId, referrerId };
  }

  /** A referrer who was merged while we waited for their row is known by now, and merged no more before we commit. */
  private async followMerge(tx: Tx, referralId: string): Promise<void> {
    await tx.query(
      `UPDATE referral.referral SET referrer_id = platform.person_of(referrer_id)
       WHERE id = $1 AND referrer_id <> platform.person_of(referrer_id)`,
      [referralId],
    );
  }
}
