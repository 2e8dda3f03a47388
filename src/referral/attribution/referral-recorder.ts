import { type Actor, AuditLog } from '../../platform/audit-log.js';
import type { DomainClass } from '../fraud/email-domain-class.js';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { Log } from '../../platform/observability/logging/log.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import type { ReferralLinked } from '../referral.events.js';
import type { CampaignParams } from './referral.entity.js';
import { ReferralsRepository } from './referrals.repository.js';
import { ProgrammeTerms } from '../terms/programme-terms.js';

/**
 * What auth knows of a new user when it links them. `label` is how the referrer will see them: a
 * masked email address.
 */
export interface NewReferral {
  code: string;
  referredId: string;
  label: string;
  /** The keyed hashes of the e-mail address, under every key in use. */
  emailHashes: Buffer[];
  domainClass: DomainClass;
  /** How they were linked: at sign-up, by a claim later, or by staff. */
  origin?: 'sign_up' | 'claim' | 'admin';
  actor?: Actor;
  /** When they were invited; now where it is left out. */
  linkedAt?: Date;
  noteId?: string;
  /** The product that reports the person has not confirmed the address. */
  emailUnconfirmed?: boolean;
  campaign?: CampaignParams | null;
}

/** Inserts referrals, and publishes that. */
@Injectable()
export class ReferralRecorder {
  // eslint-disable-next-line max-params -- a referral is stored, audited, published and logged
  constructor(
    private readonly referrals: ReferralsRepository,
    private readonly terms: ProgrammeTerms,
    private readonly auditLog: AuditLog,
    private readonly outbox: Outbox,
    private readonly log: Log,
    private readonly clock: Clock,
  ) {}

  /**
   * Inserts the referral under the terms in force; null when the user is linked already, or was
   * invited or rewarded before and erased.
   */
  async insertReferral(
    tx: Tx,
    newReferral: NewReferral & { referrerId: string },
  ): Promise<{ id: string; referrerId: string } | null> {
    const { referrerId, referredId, code } = newReferral;
    const [isRemembered, { version }] = await Promise.all([
      this.referrals.isRemembered(tx, newReferral.emailHashes),
      this.terms.current(tx),
    ]);
    if (isRemembered) return null;
    const origin = newReferral.origin ?? 'sign_up';
    const referralId = await this.referrals.insert(tx, {
      ...{ referrerId, referredId, code, termsVersion: version, origin },
      label: newReferral.label,
      domainClass: newReferral.domainClass,
      campaign: newReferral.campaign ?? null,
      linkedAt: newReferral.linkedAt ?? this.clock.now(),
      emailUnconfirmed: newReferral.emailUnconfirmed ?? false,
    });
    if (referralId === null) return null;
    this.referrals.pointToMergedAccount(tx, referralId);
    const ids = { referralId, referrerId, referredId };
    this.auditLog.record(tx, {
      action: 'referral.linked',
      actor: newReferral.actor ?? { kind: 'user', id: referredId },
      subjectId: referredId,
      details: { ...ids, origin },
      ...(newReferral.noteId === undefined ? {} : { noteId: newReferral.noteId }),
    });
    const event: ReferralLinked = { name: 'referral.linked', ...ids };
    this.outbox.publish(tx, event);
    this.log.infoAfterCommit(tx, 'referral.linked', { ...ids, code });
    return { id: referralId, referrerId };
  }
}
