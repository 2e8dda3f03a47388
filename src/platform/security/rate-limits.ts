import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { deleteInBatches } from '../database/batched-delete.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/tx.js';
import { MicroBatcher } from '../database/micro-batcher.js';
import { DomainError } from '../errors.js';
import { RateLimitsRepository, type RateLimit } from './rate-limits.repository.js';

/** Counts in PostgreSQL, each hit once: exact over any number of processes. */
@Injectable()
export class RateLimits {
  private readonly batcher = new MicroBatcher((requests: RateLimit[][]) =>
    this.repository.countHits(requests),
  );

  constructor(
    private readonly repository: RateLimitsRepository,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts one hit against every limit, or, when any of them is used up, against none.
   * Errors: `auth.too_many` with the seconds to wait.
   */
  async hit(limits: RateLimit[]): Promise<void> {
    refuseFor(await this.batcher.submit(limits));
  }

  /**
   * Counts a hit of each of these requests in `tx`, as {@link hit} does, and answers for how many
   * milliseconds each is refused: 0 when it was counted.
   */
  hitInTransaction(tx: Tx, requests: RateLimit[][]): Promise<number[]> {
    return this.repository.countHits(requests, tx);
  }

  /**
   * Runs `work` as one hit against every limit. The hit is returned when `work` itself is refused
   * with `auth.too_many`: what is refused uses nothing up. Errors: `auth.too_many`; those of the
   * work.
   */
  async runLimited<T>(limits: RateLimit[], work: () => Promise<T>): Promise<T> {
    await this.hit(limits);
    return this.returnIfRefused(limits, work);
  }

  /** Runs `work` after its hit was counted; returns the hit as {@link runLimited} does. */
  async returnIfRefused<T>(limits: RateLimit[], work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DomainError && error.code === 'auth.too_many')
        await this.repository.returnHits(limits);
      throw error;
    }
  }

  /**
   * Counts a hit in `tx`, without a limit. Answers how many there are in its window, this one
   * included. Concurrent calls wait for the first to commit.
   */
  count(tx: Tx, window: Pick<RateLimit, 'key' | 'windowMs'>): Promise<number> {
    return this.repository.countHit(tx, window);
  }

  /**
   * Runs `work` as one hit against every limit, which is returned once it is done. What fails
   * counts. Errors: `auth.too_many`; those of the work.
   */
  async runLimitedFailures<T>(limits: RateLimit[], work: () => Promise<T>): Promise<T> {
    await this.hit(limits);
    const answer = await work();
    await this.repository.returnHits(limits);
    return answer;
  }

  /** Forgets counts whose window is over. */
  async purgeExpired(): Promise<void> {
    await deleteInBatches(this.database, 'platform.rate_limit', 'expires_at <= $1', [this.clock.now()]);
  }
}

/** Errors: `auth.too_many` for any time but 0. */
export function refuseFor(waitMs: number): void {
  if (waitMs > 0) throw new DomainError('auth.too_many', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
}
