import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { secondMs } from '../../platform/durations.js';
import { afterCurrentTurn } from '../../platform/event-loop.js';
import { alertCounter } from '../../platform/observability/metrics/process-metrics.js';
import { ReferralCodesRepository, type ClickCount } from '../codes/referral-codes.repository.js';
import type { Channel } from './channels.js';

/** Links of as many codes, days and channels may wait for the database. */
const maxWaiting = 10_000;
const retryAfterMs = secondMs;

/**
 * Counts opened links. Many clicks of one popular link are one number that is added to its row, so
 * no page waits for the count, nor for the clicks before it.
 */
@Injectable()
export class ClickCounter implements BeforeApplicationShutdown {
  private waiting = new Map<string, ClickCount>();
  private writing: Promise<void> | null = null;
  private readonly stopping = new AbortController();

  constructor(
    private readonly codes: ReferralCodesRepository,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts a click on a code's link, and on that of a channel where the link says one. It is stored
   * a moment later; if the database cannot be reached, as soon as it can, unless the process ends
   * before. A count is added twice if the database stored it and its answer was lost.
   */
  record(code: string, channel: Channel | null): void {
    const day = this.clock.now().toISOString().slice(0, 10);
    this.add({ code, day, channel, clicks: 1 });
    this.writing ??= this.writeAll();
  }

  /** Resolves once all clicks are stored. */
  async settle(): Promise<void> {
    await this.writing;
  }

  /** All requests have ended by then. What cannot be stored now is lost, with an alert. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.writing;
  }

  private add(count: ClickCount): void {
    const key = JSON.stringify([count.code, count.day, count.channel]);
    const known = this.waiting.get(key);
    if (known !== undefined) known.clicks += count.clicks;
    else if (this.waiting.size < maxWaiting) this.waiting.set(key, count);
    else alertCounter.inc({ name: 'link_click.not_counted' }, count.clicks);
  }

  /** Those that come while others are written go together with the next ones. */
  private async writeAll(): Promise<void> {
    await new Promise<void>(afterCurrentTurn);
    while (this.waiting.size > 0) {
      const batch = [...this.waiting.values()];
      this.waiting = new Map();
      try {
        await this.database.transaction((tx) => this.codes.countClicks(tx, batch));
      } catch {
        await this.retryLater(batch);
      }
    }
    this.writing = null;
  }

  private async retryLater(batch: ClickCount[]): Promise<void> {
    const { signal } = this.stopping;
    if (signal.aborted) {
      const lost = batch.reduce((sum, { clicks }) => sum + clicks, 0);
      alertCounter.inc({ name: 'link_click.not_counted' }, lost);
      return;
    }
    for (const count of batch) this.add(count);
    await pause(retryAfterMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
