import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { after, dayMs } from '../platform/durations.js';
import type { EmailAddress } from '../platform/email-address.js';
import { DomainError } from '../platform/errors.js';
import type { Touch } from '../referral/index.js';
import { Secrets } from '../platform/secrets.js';
import type { Asker } from './asker.js';
import { ProvenDevices } from './proven-devices.js';
import { attemptsPerCode, boundTo } from './sign-in-codes.js';
import { SignInLimits } from './sign-in-limits.js';

/** A code as somebody gives it back to us. */
export interface GivenCode {
  challengeId: string;
  code: string;
}

/** A code that was right, not yet used: proof of `email` once {@link CodeChecks.use} took it. */
export interface RightCode {
  challengeId: string;
  email: EmailAddress;
  refCode: string | null;
  /** The language that the code was asked in. */
  locale: string;
  /** The campaign and page they came by. */
  touch: Touch | null;
}

interface Attempt {
  email: EmailAddress;
  code_hash: Buffer;
  ref_code: string | null;
  locale: string;
  touch: Touch | null;
  attempts: number;
}

/**
 * Wrong codes tried for the address of the challenge `$1`, by strangers together or by all devices that have proven it: with
 * a budget for each, every device that a thief of the mailbox makes would bring guesses of its own.
 */
const failuresSince = (parameter: string): string =>
  `SELECT coalesce(sum(other.attempts - (other.used_at IS NOT NULL)::integer), 0)::integer AS failures
   FROM auth.challenge own JOIN auth.challenge other ON other.email = own.email AND other.created_at > ${parameter}
     AND (other.device IS NULL) = (own.device IS NULL)
   WHERE own.id = $1`;

/** Tells right codes from wrong ones, at most {@link attemptsPerCode} times each. */
@Injectable()
export class CodeChecks {
  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
    private readonly limits: SignInLimits,
    private readonly devices: ProvenDevices,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts an attempt, commits it, and only then compares: however many try at once, and whatever fails
   * afterwards, no more than five are ever compared. With no transaction open. Where `email` is given, a code of another
   * address is answered as one that was never made, and not compared: nobody tries the codes of others here.
   * Errors: `auth.code_wrong` with `attemptsLeft`; `auth.code_expired` (expired, used, out of attempts, or
   * never made); `auth.too_many` while the code has to rest, or
   * after too many tries. What is refused is no try.
   */
  async check(given: GivenCode, asker: Asker, email: EmailAddress | null = null): Promise<RightCode> {
    const { challengeId, code } = given;
    const device = await this.deviceOf(challengeId, asker);
    const attempt = await this.limits.try({ ip: asker.ip, device }, async () => {
      const free = await this.countFreely(challengeId, email);
      return free ?? this.database.transaction((tx) => this.count(tx, challengeId, email));
    });
    if (!this.secrets.matches('sign_in_code', boundTo(challengeId, code), attempt.code_hash))
      throw new DomainError('auth.code_wrong', {
        facts: { attemptsLeft: attemptsPerCode - attempt.attempts },
      });
    return {
      challengeId,
      email: attempt.email,
      refCode: attempt.ref_code,
      locale: attempt.locale,
      touch: attempt.touch,
    };
  }

  /**
   * Uses a right code up. Of any number at once exactly one succeeds.
   * Errors: `auth.code_expired` for the others.
   */
  async use(tx: Tx, { challengeId }: RightCode): Promise<void> {
    const rows: [unknown[], number] = await tx.query(
      `UPDATE auth.challenge SET used_at = $2 WHERE id = $1 AND used_at IS NULL RETURNING id`,
      [challengeId, this.clock.now()],
    );
    if (rows[1] === 0) throw new DomainError('auth.code_expired');
  }

  /** The device that asked for this code, where the same one tries it and has proven the address before. */
  private async deviceOf(challengeId: string, asker: Asker): Promise<Buffer | null> {
    const devices = this.devices.devicesOf(asker);
    if (devices.length === 0) return null;
    const rows = await this.database.query<{ device: Buffer }>(
      `SELECT device FROM auth.challenge WHERE id = $1 AND device = ANY($2)`,
      [challengeId, devices],
    );
    return rows[0]?.device ?? null;
  }

  /** Counts the attempt while nothing stands in its way, as is usual; else null. */
  private async countFreely(challengeId: string, email: EmailAddress | null): Promise<Attempt | null> {
    const now = this.clock.now();
    // a common table expression, so that rows are what is answered
    const rows = await this.database.query<Attempt>(
      `WITH counted AS (
         UPDATE auth.challenge SET attempts = attempts + 1, tried_at = $2
         WHERE id = $1 AND used_at IS NULL AND expires_at > $2 AND attempts < $3 AND (${failuresSince('$4')}) < $5 AND ($6::text IS NULL OR email = $6)
         RETURNING email, code_hash, ref_code, locale, touch, attempts)
       SELECT * FROM counted`,
      [challengeId, now, attemptsPerCode, after(now, -dayMs), this.limits.freeFailures, email],
    );
    return rows[0] ?? null;
  }

  private async count(tx: Tx, challengeId: string, email: EmailAddress | null): Promise<Attempt> {
    const now = this.clock.now();
    const restMs = this.limits.restMs(await this.failuresOf(tx, challengeId, now));
    const [rows]: [Attempt[], number] = await tx.query(
      `UPDATE auth.challenge SET attempts = attempts + 1, tried_at = $2
       WHERE id = $1 AND used_at IS NULL AND expires_at > $2 AND attempts < $3
         AND ($4::timestamptz IS NULL OR coalesce(tried_at, created_at) <= $4) AND ($5::text IS NULL OR email = $5)
       RETURNING email, code_hash, ref_code, locale, touch, attempts`,
      [challengeId, now, attemptsPerCode, restMs === 0 ? null : after(now, -restMs), email],
    );
    if (rows[0] !== undefined) return rows[0];
    throw await this.refusal(tx, { challengeId, email }, restMs);
  }

  /** Wrong codes tried for the address of this challenge in the last 24 hours. */
  private async failuresOf(tx: Tx, challengeId: string, now: Date): Promise<number> {
    const rows: { failures: number }[] = await tx.query(failuresSince('$2'), [
      challengeId,
      after(now, -dayMs),
    ]);
    return rows[0]?.failures ?? 0;
  }

  /** Why no attempt was counted. */
  private async refusal(
    tx: Tx,
    { challengeId, email }: { challengeId: string; email: EmailAddress | null },
    restMs: number,
  ): Promise<DomainError> {
    const now = this.clock.now();
    const rows: { since: Date }[] = await tx.query(
      `SELECT coalesce(tried_at, created_at) AS since FROM auth.challenge
       WHERE id = $1 AND used_at IS NULL AND expires_at > $2 AND attempts < $3 AND ($4::text IS NULL OR email = $4)`,
      [challengeId, now, attemptsPerCode, email],
    );
    if (rows[0] === undefined) return new DomainError('auth.code_expired');
    const waitMs = after(rows[0].since, restMs).getTime() - now.getTime();
    return new DomainError('auth.too_many', {
      detail: 'Many wrong codes were tried for this address, so each code has to wait a little.',
      retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
    });
  }
}
