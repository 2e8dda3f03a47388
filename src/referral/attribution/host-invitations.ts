import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { addMs, dayMs } from '../../platform/durations.js';
import { DomainError, type ErrorCode } from '../../platform/errors.js';
import type { Terms } from '../terms/terms.js';
import { ReferralLinking } from './referral-linking.js';
import type { NewReferral } from './referral-recorder.js';
import { ReferralsRepository } from './referrals.repository.js';

/** What became of an invitation that another product reported. */
export const invitationOutcomes = [
  'linked',
  'already_linked',
  'code_unknown',
  'own_code',
  'too_late',
  'paid_before',
  'paused',
  'none',
] as const;
/** One of {@link invitationOutcomes}. */
export type InvitationOutcome = (typeof invitationOutcomes)[number];

/** An invitation that another product reports. */
export interface HostInvitation {
  details: Omit<NewReferral, 'code'>;
  code: string;
  /** When the person was invited, not after now. */
  at: Date;
  signedUpAt: Date;
  /** Whether the person has paid; the caller makes sure that it stays so. */
  hasPaid: boolean;
  isNew: boolean;
  by: Actor;
}

const outcomeByProblem: Partial<Record<ErrorCode, InvitationOutcome>> = {
  'referral.programme_paused': 'paused',
  'referral.claim_too_late': 'too_late',
  'referral.code_unknown': 'code_unknown',
  'referral.own_code': 'own_code',
  'referral.already_linked': 'already_linked',
};

/** Invitations of people who sign up elsewhere. */
@Injectable()
export class HostInvitations {
  constructor(
    private readonly linking: ReferralLinking,
    private readonly referrals: ReferralsRepository,
    private readonly clock: Clock,
  ) {}

  /** Links the person at most once, ever, and says why not. Idempotent: `already_linked`. */
  async record(tx: Tx, invitation: HostInvitation): Promise<InvitationOutcome> {
    const { details, code, at, hasPaid, isNew, by } = invitation;
    if (!isNew && (await this.referrals.isLinked(tx, details.referredId))) return 'already_linked';
    if (hasPaid) return 'paid_before';
    const isInTime = (terms: Terms) => this.isInTime(invitation, terms);
    const origin = isNew ? ('sign_up' as const) : ('claim' as const);
    try {
      await this.linking.linkOrThrow(tx, { ...details, code, origin, actor: by, linkedAt: at, isInTime });
      return 'linked';
    } catch (error) {
      const outcome = error instanceof DomainError ? outcomeByProblem[error.code] : undefined;
      if (outcome === undefined) throw error;
      return outcome;
    }
  }

  /**
   * An invitation counts for as long as a followed link does, and must come before the sign-up, or
   * within the days after it that the terms give.
   */
  private isInTime({ at, signedUpAt }: HostInvitation, { attributionDays, lateClaimDays }: Terms): boolean {
    return (
      at >= addMs(this.clock.now(), -attributionDays * dayMs) &&
      at <= addMs(signedUpAt, lateClaimDays * dayMs)
    );
  }
}
