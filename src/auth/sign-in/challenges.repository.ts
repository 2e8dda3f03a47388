import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { deleteInBatches } from '../../platform/database/batched-delete.js';
import { Database } from '../../platform/database/database.js';
import { enqueueWrite, type Tx } from '../../platform/database/tx.js';
import { addMs, dayMs } from '../../platform/durations.js';
import type { EmailAddress } from '../../platform/email-address.js';
import type { CampaignParams } from '../../referral/index.js';
import { ChallengeEntity } from './challenge.entity.js';
import { maxAttemptsPerCode } from './sign-in-limits.js';

/** A challenge to store, which was neither tried nor used. Its hashes are keyed. */
export type NewChallenge = Omit<ChallengeEntity, 'attempts' | 'lastAttemptAt' | 'usedAt'>;

/** A challenge of which an attempt was just counted. */
export interface AttemptRow {
  email: EmailAddress;
  code_hash: Buffer;
  referral_code: string | null;
  locale: string;
  campaign: CampaignParams | null;
  attempts: number;
}

/** Which challenge is tried: with `email` only when it is of that address. */
export interface ChallengeKey {
  challengeId: string;
  email: EmailAddress | null;
}

/**
 * Wrong codes tried for the address of the challenge `$1`, by anonymous visitors together or by all
 * devices that have proven it: with a budget for each, every device that an attacker registers
 * would have a budget of its own.
 */
const failedAttemptsSql = (parameter: string): string =>
  `SELECT coalesce(sum(other.attempts - (other.used_at IS NOT NULL)::integer), 0)::integer AS failures
   FROM auth.challenge own JOIN auth.challenge other ON other.email = own.email AND other.created_at > ${parameter}
     AND (other.trusted_device_hash IS NULL) = (own.trusted_device_hash IS NULL)
   WHERE own.id = $1`;

/** Requests for codes, and how often each code was tried. */
@Injectable()
export class ChallengesRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes requests for one address wait for one another. Sends the statement without waiting for
   * it.
   */
  lockEmail(tx: Tx, email: EmailAddress): void {
    enqueueWrite(tx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`auth.challenge:${email}`]);
  }

  /**
   * Makes requests with one id wait for one another. Sends the statement without waiting for it.
   */
  lockId(tx: Tx, id: string): void {
    enqueueWrite(tx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`auth.challenge.id:${id}`]);
  }

  /** What was made under an id, or null. */
  findById(tx: Tx, id: string): Promise<ChallengeEntity | null> {
    return tx.findOneBy(ChallengeEntity, { id });
  }

  /**
   * When the codes of an address expire that are still valid and that `device`, or anonymous
   * visitors, asked for; the first first.
   */
  async findOpenExpiries(tx: Tx, email: EmailAddress, device: Buffer | null): Promise<Date[]> {
    const open: { expires_at: Date }[] = await tx.query(
      `SELECT expires_at FROM auth.challenge
       WHERE email = $1 AND used_at IS NULL AND attempts < $3 AND expires_at > $2 AND trusted_device_hash IS NOT DISTINCT FROM $4 ORDER BY expires_at`,
      [email, this.clock.now(), maxAttemptsPerCode, device],
    );
    return open.map(({ expires_at }) => expires_at);
  }

  /** Sends the write without waiting for it. */
  insert(tx: Tx, challenge: NewChallenge): void {
    const { id, email, codeHash, referralCode, createdAt, expiresAt, locale } = challenge;
    const { campaign, trustedDeviceHash } = challenge;
    enqueueWrite(
      tx,
      `INSERT INTO auth.challenge (id, email, code_hash, referral_code, created_at, expires_at, locale, campaign, trusted_device_hash)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        ...[id, email, codeHash, referralCode, createdAt, expiresAt, locale],
        campaign === null ? null : JSON.stringify(campaign),
        trustedDeviceHash,
      ],
    );
  }

  /** The device that asked for a code, when it is one of `devices`. */
  async findTrustedDevice(challengeId: string, devices: Buffer[]): Promise<Buffer | null> {
    const rows = await this.database.query<{ trusted_device_hash: Buffer }>(
      `SELECT trusted_device_hash FROM auth.challenge WHERE id = $1 AND trusted_device_hash = ANY($2)`,
      [challengeId, devices],
    );
    return rows[0]?.trusted_device_hash ?? null;
  }

  /**
   * Counts an attempt while fewer than `failureBudget` wrong codes were tried for the address
   * within a day; else null. Null, too, where another transaction has locked the code.
   */
  async recordAttemptWithinBudget(
    tx: Tx,
    { challengeId, email }: ChallengeKey,
    failureBudget: number,
  ): Promise<AttemptRow | null> {
    const now = this.clock.now();
    // a common table expression, so that rows are what is answered
    const rows: AttemptRow[] = await tx.query(
      `WITH counted AS (
         UPDATE auth.challenge SET attempts = attempts + 1, last_attempt_at = $2
         WHERE id = (SELECT id FROM auth.challenge WHERE id = $1 FOR NO KEY UPDATE SKIP LOCKED)
           AND used_at IS NULL AND expires_at > $2 AND attempts < $3 AND (${failedAttemptsSql('$4')}) < $5 AND ($6::text IS NULL OR email = $6)
         RETURNING email, code_hash, referral_code, locale, campaign, attempts)
       SELECT * FROM counted`,
      [challengeId, now, maxAttemptsPerCode, addMs(now, -dayMs), failureBudget, email],
    );
    return rows[0] ?? null;
  }

  /** Counts an attempt unless the code was made or tried within `cooldownMs`; else null. */
  async recordAttempt(
    tx: Tx,
    { challengeId, email }: ChallengeKey,
    cooldownMs: number,
  ): Promise<AttemptRow | null> {
    const now = this.clock.now();
    const [rows]: [AttemptRow[], number] = await tx.query(
      `UPDATE auth.challenge SET attempts = attempts + 1, last_attempt_at = $2
       WHERE id = $1 AND used_at IS NULL AND expires_at > $2 AND attempts < $3
         AND ($4::timestamptz IS NULL OR coalesce(last_attempt_at, created_at) <= $4) AND ($5::text IS NULL OR email = $5)
       RETURNING email, code_hash, referral_code, locale, campaign, attempts`,
      [challengeId, now, maxAttemptsPerCode, cooldownMs === 0 ? null : addMs(now, -cooldownMs), email],
    );
    return rows[0] ?? null;
  }

  /** Wrong codes tried for the address of this challenge in the last 24 hours. */
  async countFailures(tx: Tx, challengeId: string): Promise<number> {
    const rows: { failures: number }[] = await tx.query(failedAttemptsSql('$2'), [
      challengeId,
      addMs(this.clock.now(), -dayMs),
    ]);
    return rows[0]?.failures ?? 0;
  }

  /** When a code that is still valid was tried last, or else made; null for any other code. */
  async findLastAttempt(tx: Tx, { challengeId, email }: ChallengeKey): Promise<Date | null> {
    const rows: { since: Date }[] = await tx.query(
      `SELECT coalesce(last_attempt_at, created_at) AS since FROM auth.challenge
       WHERE id = $1 AND used_at IS NULL AND expires_at > $2 AND attempts < $3 AND ($4::text IS NULL OR email = $4)`,
      [challengeId, this.clock.now(), maxAttemptsPerCode, email],
    );
    return rows[0]?.since ?? null;
  }

  /** Uses a code up; false when it is used already. */
  async markUsed(tx: Tx, challengeId: string): Promise<boolean> {
    const rows: [unknown[], number] = await tx.query(
      `UPDATE auth.challenge SET used_at = $2 WHERE id = $1 AND used_at IS NULL RETURNING id`,
      [challengeId, this.clock.now()],
    );
    return rows[1] > 0;
  }

  /** Deletes the codes of an address. */
  async deleteByEmail(tx: Tx, email: EmailAddress): Promise<void> {
    await tx.delete(ChallengeEntity, { email });
  }

  /** Deletes the codes that expired at `time` or before. */
  async deleteUntil(time: Date): Promise<void> {
    await deleteInBatches(this.database, 'auth.challenge', 'expires_at <= $1', [time]);
  }
}
