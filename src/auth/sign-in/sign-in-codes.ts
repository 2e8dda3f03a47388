import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { enqueueWrite, type Tx } from '../../platform/database/tx.js';
import { addMs, minuteMs } from '../../platform/durations.js';
import type { EmailAddress } from '../../platform/email-address.js';
import { DomainError } from '../../platform/errors.js';
import { newId } from '../../platform/ids.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import type { SealedSignInCode } from '../../notifications/index.js';
import type { CampaignParams } from '../../referral/index.js';
import { Secrets } from '../../platform/security/secrets.js';
import type { ChallengeIssued } from '../auth.events.js';
import { maxOpenCodesPerAddress } from './sign-in-limits.js';

/** How long a code is good. */
export const codeLifetimeMs = 10 * minuteMs;
/** How often one code may be tried. */
export const maxAttemptsPerCode = 5;

/** A code on its way to a person's mailbox. */
export interface Challenge {
  challengeId: string;
  expiresAt: Date;
}

/** Who asks for a code: with which invitation, and in which language. */
export interface SignInCodeParams {
  email: EmailAddress;
  referralCode: string | null;
  locale: string;
  campaign: CampaignParams | null;
  /** The keyed hash of the device that asks, where it has proven the address before. */
  trustedDeviceHash: Buffer | null;
}

/** Makes sign-in codes. Nothing here checks users, so a known address cannot differ from an unknown one. */
@Injectable()
export class SignInCodes {
  constructor(
    private readonly secrets: Secrets,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a code for `email`, mailed in the language `locale`, and leaves it to the outbox to be mailed. `referralCode` is the invitation it was asked
   * with, kept until the code is used. Older codes of the address stay good.
   * Errors: `auth.too_many` while {@link maxOpenCodesPerAddress} of them are open that anonymous visitors, or this device, asked for.
   */
  async issue(
    tx: Tx,
    { email, referralCode, locale, campaign, trustedDeviceHash }: SignInCodeParams,
  ): Promise<Challenge> {
    await this.enforceMaxOpenCodes(tx, email, trustedDeviceHash);
    const challengeId = newId(this.clock);
    const code = randomInt(1_000_000).toString().padStart(6, '0');
    const now = this.clock.now();
    const expiresAt = addMs(now, codeLifetimeMs);
    enqueueWrite(
      tx,
      `INSERT INTO auth.challenge (id, email, code_hash, referral_code, created_at, expires_at, locale, campaign, trusted_device_hash)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        challengeId,
        email,
        this.secrets.hash('sign_in_code', codeHashInput(challengeId, code)),
        referralCode,
        now,
        expiresAt,
        locale,
        campaign === null ? null : JSON.stringify(campaign),
        trustedDeviceHash,
      ],
    );
    const content: SealedSignInCode = {
      email,
      code,
      expiresAt: expiresAt.toISOString(),
      validMinutes: codeLifetimeMs / minuteMs,
      locale,
    };
    const event: ChallengeIssued = {
      name: 'auth.challenge_issued',
      challengeId,
      sealed: this.secrets.seal('sealed_event', JSON.stringify(content)),
    };
    await this.outbox.publish(tx, event);
    return { challengeId, expiresAt };
  }

  /** The lock comes first and alone: two requests at once would otherwise both count four. */
  private async enforceMaxOpenCodes(tx: Tx, email: EmailAddress, device: Buffer | null): Promise<void> {
    enqueueWrite(tx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`auth.challenge:${email}`]);
    const now = this.clock.now();
    const open: { expires_at: Date }[] = await tx.query(
      `SELECT expires_at FROM auth.challenge
       WHERE email = $1 AND used_at IS NULL AND attempts < $3 AND expires_at > $2 AND trusted_device_hash IS NOT DISTINCT FROM $4 ORDER BY expires_at`,
      [email, now, maxAttemptsPerCode, device],
    );
    if (open[0] === undefined || open.length < maxOpenCodesPerAddress) return;
    throw new DomainError('auth.too_many', {
      detail: 'Several codes were already sent to this address. Use the latest one.',
      retryAfterSeconds: Math.ceil((open[0].expires_at.getTime() - now.getTime()) / 1000),
    });
  }
}

/** What is hashed of a code: bound to its challenge, so equal codes have different hashes. */
export function codeHashInput(challengeId: string, code: string): string {
  return `${challengeId}:${code}`;
}
