import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { minuteMs } from '../../platform/durations.js';
import type { BackgroundWork } from '../../platform/jobs/event-handler-worker.js';
import { PollingLoop } from '../../platform/jobs/polling-loop.js';
import { EventPublisher } from '../events/event-publisher.js';
import { DeliveriesRepository, type ClaimedDelivery } from './deliveries.repository.js';
import { DeliveryAttempts, type EndedAttempt } from './delivery-attempts.js';
import { DeliverySender } from './delivery-sender.js';

/**
 * How many deliveries to one endpoint a process tries at once. There are at most twenty endpoints,
 * so one that hangs takes no place of another.
 */
const perEndpoint = 4;
/** Longer than any attempt: what is not finished by then was lost with its process. */
const leaseMs = minuteMs;

/**
 * Sends what is due to the endpoints of other products. No transaction is open meanwhile. Any
 * number of processes may do so at once; what one had begun when it was killed is sent again by
 * another.
 */
@Injectable()
export class DeliveryWorker implements BackgroundWork {
  private readonly logger = new Logger('webhooks');
  private isStopping = false;
  private readonly loop = new PollingLoop({
    run: async () => {
      await this.storeAndBegin();
      return false; // more is done once an attempt ends, or something is published
    },
    onError: (error) => this.reportFailure(error),
    pollMs: 1_000,
  });
  private readonly runningByEndpoint = new Map<string, number>();
  private readonly attempts = new Set<Promise<void>>();
  /** What is still to be stored. */
  private ended: EndedAttempt[] = [];

  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly results: DeliveryAttempts,
    private readonly sender: DeliverySender,
    private readonly publisher: EventPublisher,
    private readonly database: Database,
  ) {}

  start(): void {
    this.publisher.onPublished = () => this.loop.wake();
    this.loop.start();
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await this.loop.stop();
    await Promise.all(this.attempts);
    if (this.ended.length > 0)
      await this.storeAndBegin().catch((error: unknown) => this.reportFailure(error));
  }

  async drain(): Promise<number> {
    for (let sent = 0; ;) {
      const begun = await this.storeAndBegin();
      if (begun === 0) return sent;
      sent += begun;
      await Promise.all(this.attempts);
    }
  }

  /**
   * Stores what has ended and takes what is due, in one transaction, since a commit costs more than
   * either. Answers how many it began. What cannot be stored is sent again once its lease ends.
   */
  private async storeAndBegin(): Promise<number> {
    const ended = this.ended;
    this.ended = [];
    const claimed = await this.database.transaction(async (tx) => {
      await this.results.record(tx, ended);
      if (this.isStopping) return [];
      return this.deliveries.claimDue(tx, this.runningByEndpoint, perEndpoint, leaseMs);
    });
    for (const delivery of claimed) this.begin(delivery);
    return claimed.length;
  }

  private begin(delivery: ClaimedDelivery): void {
    this.countRunning(delivery.endpointId, 1);
    const attempt = this.sender
      .send(delivery)
      .then(
        (result) => void this.ended.push({ delivery, result }),
        (error: unknown) =>
          this.logger.error({ msg: 'webhooks.not_sent', deliveryId: delivery.id, err: error }),
      )
      .finally(() => {
        this.countRunning(delivery.endpointId, -1);
        this.attempts.delete(attempt);
        this.loop.wake();
      });
    this.attempts.add(attempt);
  }

  /** What was not stored is sent again once its lease ends. */
  private reportFailure(error: unknown): void {
    this.logger.error({ msg: 'webhooks.not_claimed', err: error });
  }

  private countRunning(endpointId: string, change: number): void {
    this.runningByEndpoint.set(endpointId, (this.runningByEndpoint.get(endpointId) ?? 0) + change);
  }
}
