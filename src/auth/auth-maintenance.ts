import { Injectable } from '@nestjs/common';
import { ok, warning, type CheckResult } from '../platform/check-result.js';
import { Clock } from '../platform/clock.js';
import type { Queryable } from '../platform/database/tx.js';
import { addMs, dayMs, hourMs } from '../platform/durations.js';
import { Idempotency } from '../platform/http/idempotency.js';
import { RateLimits } from '../platform/security/rate-limits.js';
import { SecondFactorsRepository } from './second-factor/second-factors.repository.js';
import { SessionsRepository } from './sessions/sessions.repository.js';
import { ChallengesRepository } from './sign-in/challenges.repository.js';
import { StaffInvitationsRepository } from './staff/staff-invitations.repository.js';
import { UsedSsoTokensRepository } from './sso/used-sso-tokens.repository.js';
import { countOtherEmails } from './users/users.repository.js';

/**
 * More than the longest session (400 days): a device in daily use is never forgotten, and never
 * strange.
 */
const knownDeviceDays = 500;

/** Forgets what has run out. */
@Injectable()
export class AuthRetention {
  // eslint-disable-next-line max-params -- each of them owns something that runs out
  constructor(
    private readonly idempotency: Idempotency,
    private readonly limits: RateLimits,
    private readonly sessions: SessionsRepository,
    private readonly challenges: ChallengesRepository,
    private readonly usedSsoTokens: UsedSsoTokensRepository,
    private readonly secondFactors: SecondFactorsRepository,
    private readonly staffInvitations: StaffInvitationsRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Deletes ended sessions and invitations of staff, codes of which the failure budget (24 hours)
   * no longer asks, used SSO tokens and used second factors that expired an hour ago, old answers
   * to keys, and devices on which no user signed in for 500 days.
   */
  async purge(): Promise<void> {
    const now = this.clock.now();
    await this.idempotency.purgeExpired();
    await this.sessions.deleteUntil(now);
    await this.challenges.deleteUntil(addMs(now, -2 * dayMs));
    // not sooner: another process may have a clock that is late
    await this.usedSsoTokens.deleteUntil(addMs(now, -hourMs));
    await this.secondFactors.deleteProofsUntil(addMs(now, -hourMs));
    await this.sessions.deleteDevicesUntil(addMs(now, -knownDeviceDays * dayMs));
    await this.staffInvitations.deleteUntil(now);
    await this.limits.purgeExpired();
  }
}

const atom = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+";
const acceptedPattern = `^${atom}([.]${atom})*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z][a-z0-9-]*$`;

/**
 * Whether accounts of before have an address that can no longer ask for a code, such as one with a
 * quoted local part.
 */
export async function checkEmailAddresses(db: Queryable): Promise<CheckResult[]> {
  const { count, sample } = await countOtherEmails(db, acceptedPattern);
  if (sample === null) return [ok('addresses', 'addressesAccepted')];
  return [warning('addresses', 'addressesRefused', { count, sample })];
}
