import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { addMs, dayMs } from '../../platform/durations.js';
import type { EmailAddress } from '../../platform/email-address.js';
import { DomainError } from '../../platform/errors.js';
import type { CampaignParams } from '../../referral/index.js';
import { Secrets } from '../../platform/security/secrets.js';
import type { Requester } from './requester.js';
import { TrustedDevices } from './trusted-devices.js';
import { maxAttemptsPerCode, codeHashInput } from './sign-in-codes.js';
import { SignInLimits } from './sign-in-limits.js';

/** A code as a person gives it back to us. */
export interface SubmittedCode {
  challengeId: string;
  code: string;
}

/** A code that was right, not yet used: proof of `email` once {@link CodeVerification.consume} took it. */
export interface VerifiedCode {
  challengeId: string;
  email: EmailAddress;
  referralCode: string | null;
  /** The language that the code was asked in. */
  locale: string;
  /** The campaign and page they came by. */
  campaign: CampaignParams | null;
}

interface AttemptRow {
  email: EmailAddress;
  code_hash: Buffer;
  referral_code: string | null;
  locale: string;
  campaign: CampaignParams | null;
  attempts: number;
}

/**
 * Wrong codes tried for the address of the challenge `$1`, by anonymous visitors together or by all devices that have proven it: with
 * a budget for each, every device that a thief of the mailbox makes would bring guesses of its own.
 */
const failedAttemptsSql = (parameter: string): string =>
  `SELECT coalesce(sum(other.attempts - (other.used_at IS NOT NULL)::integer), 0)::integer AS failures
   FROM auth.challenge own JOIN auth.challenge other ON other.email = own.email AND other.created_at > ${parameter}
     AND (other.trusted_device_hash IS NULL) = (own.trusted_device_hash IS NULL)
   WHERE own.id = $1`;

/** Checks codes, at most {@link maxAttemptsPerCode} times each. */
@Injectable()
export class CodeVerification {
  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
    private readonly limits: SignInLimits,
    private readonly trustedDevices: TrustedDevices,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts an attempt, commits it, and only then compares: however many try at once, and whatever fails
   * afterwards, no more than five are ever compared. With no transaction open. Where `email` is given, a code of another
   * address is answered as one that was never made, and not compared: users cannot try the codes of others here.
   * Errors: `auth.code_wrong` with `attemptsLeft`; `auth.code_expired` (expired, used, out of attempts, or
   * never made); `auth.too_many` while the code has to rest, or
   * after too many tries. What is refused is no try.
   */
  async verify(
    submitted: SubmittedCode,
    requester: Requester,
    email: EmailAddress | null = null,
  ): Promise<VerifiedCode> {
    const { challengeId, code } = submitted;
    const device = await this.findTrustedDevice(challengeId, requester);
    const attempt = await this.limits.limitAttempt({ ip: requester.ip, device }, async () => {
      const recorded = await this.recordAttemptWithinBudget(challengeId, email);
      return recorded ?? this.database.transaction((tx) => this.recordAttempt(tx, challengeId, email));
    });
    if (!this.secrets.matches('sign_in_code', codeHashInput(challengeId, code), attempt.code_hash))
      throw new DomainError('auth.code_wrong', {
        extensions: { attemptsLeft: maxAttemptsPerCode - attempt.attempts },
      });
    return {
      challengeId,
      email: attempt.email,
      referralCode: attempt.referral_code,
      locale: attempt.locale,
      campaign: attempt.campaign,
    };
  }

  /**
   * Uses a right code up. Of any number at once exactly one succeeds.
   * Errors: `auth.code_expired` for the others.
   */
  async consume(tx: Tx, { challengeId }: VerifiedCode): Promise<void> {
    const rows: [unknown[], number] = await tx.query(
      `UPDATE auth.challenge SET used_at = $2 WHERE id = $1 AND used_at IS NULL RETURNING id`,
      [challengeId, this.clock.now()],
    );
    if (rows[1] === 0) throw new DomainError('auth.code_expired');
  }

  /** The device that asked for this code, where the same one tries it and has proven the address before. */
  private async findTrustedDevice(challengeId: string, requester: Requester): Promise<Buffer | null> {
    const devices = this.trustedDevices.possibleDevices(requester);
    if (devices.length === 0) return null;
    const rows = await this.database.query<{ trusted_device_hash: Buffer }>(
      `SELECT trusted_device_hash FROM auth.challenge WHERE id = $1 AND trusted_device_hash = ANY($2)`,
      [challengeId, devices],
    );
    return rows[0]?.trusted_device_hash ?? null;
  }

  /** Counts the attempt while nothing stands in its way, as is usual; else null. */
  private async recordAttemptWithinBudget(
    challengeId: string,
    email: EmailAddress | null,
  ): Promise<AttemptRow | null> {
    const now = this.clock.now();
    // a common table expression, so that rows are what is answered
    const rows = await this.database.query<AttemptRow>(
      `WITH counted AS (
         UPDATE auth.challenge SET attempts = attempts + 1, last_attempt_at = $2
         WHERE id = $1 AND used_at IS NULL AND expires_at > $2 AND attempts < $3 AND (${failedAttemptsSql('$4')}) < $5 AND ($6::text IS NULL OR email = $6)
         RETURNING email, code_hash, referral_code, locale, campaign, attempts)
       SELECT * FROM counted`,
      [challengeId, now, maxAttemptsPerCode, addMs(now, -dayMs), this.limits.failureBudget, email],
    );
    return rows[0] ?? null;
  }

  private async recordAttempt(tx: Tx, challengeId: string, email: EmailAddress | null): Promise<AttemptRow> {
    const now = this.clock.now();
    const cooldownMs = this.limits.cooldownMs(await this.countFailures(tx, challengeId, now));
    const [rows]: [AttemptRow[], number] = await tx.query(
      `UPDATE auth.challenge SET attempts = attempts + 1, last_attempt_at = $2
       WHERE id = $1 AND used_at IS NULL AND expires_at > $2 AND attempts < $3
         AND ($4::timestamptz IS NULL OR coalesce(last_attempt_at, created_at) <= $4) AND ($5::text IS NULL OR email = $5)
       RETURNING email, code_hash, referral_code, locale, campaign, attempts`,
      [challengeId, now, maxAttemptsPerCode, cooldownMs === 0 ? null : addMs(now, -cooldownMs), email],
    );
    if (rows[0] !== undefined) return rows[0];
    throw await this.refusalError(tx, { challengeId, email }, cooldownMs);
  }

  /** Wrong codes tried for the address of this challenge in the last 24 hours. */
  private async countFailures(tx: Tx, challengeId: string, now: Date): Promise<number> {
    const rows: { failures: number }[] = await tx.query(failedAttemptsSql('$2'), [
      challengeId,
      addMs(now, -dayMs),
    ]);
    return rows[0]?.failures ?? 0;
  }

  /** Why no attempt was counted. */
  private async refusalError(
    tx: Tx,
    { challengeId, email }: { challengeId: string; email: EmailAddress | null },
    cooldownMs: number,
  ): Promise<DomainError> {
    const now = this.clock.now();
    const rows: { since: Date }[] = await tx.query(
      `SELECT coalesce(last_attempt_at, created_at) AS since FROM auth.challenge
       WHERE id = $1 AND used_at IS NULL AND expires_at > $2 AND attempts < $3 AND ($4::text IS NULL OR email = $4)`,
      [challengeId, now, maxAttemptsPerCode, email],
    );
    if (rows[0] === undefined) return new DomainError('auth.code_expired');
    const waitMs = addMs(rows[0].since, cooldownMs).getTime() - now.getTime();
    return new DomainError('auth.too_many', {
      detail: 'Too many wrong codes were entered for this address. Please wait before the next one.',
      retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
    });
  }
}
