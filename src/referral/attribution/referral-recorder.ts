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
import type { Terms } from '../terms/terms.js';

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
  /** Whether the invitation came in time, by the terms in force; always where it is left out. */
  isInTime?: (terms: Terms) => boolean;
}

/** A referral whose code was looked up. */
export interface ResolvedReferral extends NewReferral {
  referrerId: string;
  termsVersion: number;
}

/** Inserts referrals, and publishes that. */
@Injectable()
export class ReferralRecorder {
  constructor(
    private readonly referrals: ReferralsRepository,
    private readonly auditLog: AuditLog,
    private readonly outbox: Outbox,
    private readonly log: Log,
    private readonly clock: Clock,
  ) {}

  /** Inserts the referral; null when the user is linked already. */
  async insertReferral(
    tx: Tx,
    newReferral: ResolvedReferral,
  ): Promise<{ id: string; referrerId: string } | null> {
    const { referrerId, referredId, code, termsVersion } = newReferral;
    const origin = newReferral.origin ?? 'sign_up';
    const referralId = await this.referrals.insert(tx, {
      ...{ referrerId, referredId, code, termsVersion, origin },
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
