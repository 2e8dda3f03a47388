import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { MicroBatcher } from '../../platform/database/micro-batcher.js';
import type { Tx } from '../../platform/database/tx.js';
import { addMs } from '../../platform/durations.js';
import type { EmailAddress } from '../../platform/email-address.js';
import { DomainError, type ErrorCode } from '../../platform/errors.js';
import { refuseFor, RateLimits } from '../../platform/security/rate-limits.js';
import type { RateLimit } from '../../platform/security/rate-limits.repository.js';
import { Secrets } from '../../platform/security/secrets.js';
import type { CampaignParams } from '../../referral/index.js';
import { codeHashInput } from './challenge.service.js';
import { ChallengesRepository, type AttemptRow, type ChallengeKey } from './challenges.repository.js';
import type { Requester } from './requester.js';
import { maxAttemptsPerCode, SignInLimits } from './sign-in-limits.js';
import { TrustedDevices } from './trusted-devices.js';

/** How a code from an e-mail may be refused. */
export const codeProblems = [
  'auth.code_wrong',
  'auth.code_expired',
  'auth.too_many',
] as const satisfies ErrorCode[];

/** A code as it was entered. */
export interface SubmittedCode {
  challengeId: string;
  code: string;
}

/**
 * A code that was right, not yet used: proof of `email` once {@link CodeVerification.consume} took
 * it.
 */
export interface VerifiedCode {
  challengeId: string;
  email: EmailAddress;
  referralCode: string | null;
  /** The language that the code was requested in. */
  locale: string;
  /** The campaign and page they came by. */
  campaign: CampaignParams | null;
}

/** A try of a code, and what limits it. */
interface Attempt {
  challenge: ChallengeKey;
  limits: RateLimit[];
}

/**
 * What became of it: refused for `waitMs` milliseconds, or else counted. Without a row it was not
 * counted: a cooldown applies, the code is locked, or there is no such code any more.
 */
interface CountedAttempt {
  waitMs: number;
  row: AttemptRow | null;
}

/** Counts attempts at codes. */
@Injectable()
export class CodeAttempts {
  private readonly batcher = new MicroBatcher((attempts: Attempt[]) =>
    this.database.transaction((tx) => this.recordWithinBudget(tx, attempts)),
  );

  constructor(
    private readonly challenges: ChallengesRepository,
    private readonly limits: SignInLimits,
    private readonly rates: RateLimits,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts an attempt and commits it. Errors: those of {@link CodeVerification.verify}, but
   * `auth.code_wrong`.
   */
  async record(challenge: ChallengeKey, limits: RateLimit[]): Promise<AttemptRow> {
    const { waitMs, row } = await this.batcher.submit({ challenge, limits });
    refuseFor(waitMs);
    // usually no cooldown applies, and the code is not locked: others would wait for it, too
    if (row !== null) return row;
    return this.rates.returnIfRefused(limits, () =>
      this.database.transaction((tx) => this.recordAfterCooldown(tx, challenge)),
    );
  }

  /**
   * Those of many people, and what limits them, are on disk together. One after the other, in the
   * order of their ids: two processes never wait for each other, and of one code each attempt
   * counts the one before it.
   */
  private async recordWithinBudget(tx: Tx, attempts: Attempt[]): Promise<CountedAttempt[]> {
    const waits = await this.rates.hitInTransaction(
      tx,
      attempts.map(({ limits }) => limits),
    );
    const { failureBudget } = this.limits;
    const counted = attempts.map((attempt, index) => ({
      ...{ attempt, id: attempt.challenge.challengeId.toLowerCase() },
      ...{ waitMs: waits[index] ?? 0, row: null as AttemptRow | null },
    }));
    const inOrder = counted.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const recorded = inOrder.map(async (one) => {
      if (one.waitMs > 0) return;
      one.row = await this.challenges.recordAttemptWithinBudget(tx, one.attempt.challenge, failureBudget);
    });
    await Promise.all(recorded);
    return counted;
  }

  private async recordAfterCooldown(tx: Tx, challenge: ChallengeKey): Promise<AttemptRow> {
    const failures = await this.challenges.countFailures(tx, challenge.challengeId);
    const cooldownMs = this.limits.cooldownMs(failures);
    const recorded = await this.challenges.recordAttempt(tx, challenge, cooldownMs);
    if (recorded !== null) return recorded;
    throw await this.refusalError(tx, challenge, cooldownMs);
  }

  /** Why no attempt was counted. */
  private async refusalError(tx: Tx, challenge: ChallengeKey, cooldownMs: number): Promise<DomainError> {
    const since = await this.challenges.findLastAttempt(tx, challenge);
    if (since === null) return new DomainError('auth.code_expired');
    const waitMs = addMs(since, cooldownMs).getTime() - this.clock.now().getTime();
    return new DomainError('auth.too_many', {
      text: { key: 'login.problem.tooManyWrong' },
      retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
    });
  }
}

/** Checks codes, at most {@link maxAttemptsPerCode} times each. */
@Injectable()
export class CodeVerification {
  constructor(
    private readonly challenges: ChallengesRepository,
    private readonly attempts: CodeAttempts,
    private readonly secrets: Secrets,
    private readonly limits: SignInLimits,
    private readonly trustedDevices: TrustedDevices,
  ) {}

  /**
   * Counts an attempt, commits it, and only then compares: however many try at once, and whatever
   * fails afterwards, no more than five are ever compared. With no transaction open. Where `email`
   * is given, a code of another address is answered as one that was never made, and not compared:
   * users cannot try the codes of others here.
   * Errors: `auth.code_wrong` with `attemptsLeft`; `auth.code_expired` (expired, used, out of
   * attempts, or never made); `auth.too_many` during the pause after wrong attempts, or after too
   * many. A refused attempt is not counted.
   */
  async verify(
    submitted: SubmittedCode,
    requester: Requester,
    email: EmailAddress | null = null,
  ): Promise<VerifiedCode> {
    const { challengeId, code } = submitted;
    const device = await this.findTrustedDevice(challengeId, requester);
    const limits = this.limits.attemptLimits({ ip: requester.ip, device });
    const attempt = await this.attempts.record({ challengeId, email }, limits);
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
    if (!(await this.challenges.markUsed(tx, challengeId))) throw new DomainError('auth.code_expired');
  }

  /**
   * The device that asked for this code, where the same one tries it and has proven the address
   * before.
   */
  private async findTrustedDevice(challengeId: string, requester: Requester): Promise<Buffer | null> {
    const devices = this.trustedDevices.possibleDevices(requester);
    if (devices.length === 0) return null;
    return this.challenges.findTrustedDevice(challengeId, devices);
  }
}
