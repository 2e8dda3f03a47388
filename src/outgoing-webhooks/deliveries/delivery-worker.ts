import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { addMs, minuteMs } from '../../platform/durations.js';
import type { BackgroundWork } from '../../platform/jobs/event-handler-worker.js';
import { PollingLoop } from '../../platform/jobs/polling-loop.js';
import { EventPublisher } from '../events/event-publisher.js';
import { DeliveriesRepository, type ClaimedDelivery } from './deliveries.repository.js';
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
  private readonly loop = new PollingLoop({
    run: async () => (await this.beginDue()) > 0,
    onError: (error) => this.logger.error({ msg: 'webhooks.not_claimed', err: error }),
    pollMs: 1_000,
  });
  private readonly runningByEndpoint = new Map<string, number>();
  private readonly attempts = new Set<Promise<void>>();

  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly sender: DeliverySender,
    private readonly publisher: EventPublisher,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  start(): void {
    this.publisher.onPublished = () => this.loop.wake();
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
    await Promise.all(this.attempts);
  }

  async drain(): Promise<number> {
    for (let sent = 0; ;) {
      const begun = await this.beginDue();
      if (begun === 0) return sent;
      sent += begun;
      await Promise.all(this.attempts);
    }
  }

  private async beginDue(): Promise<number> {
    const leaseEnd = addMs(this.clock.now(), leaseMs);
    const claimed = await this.database.transaction((tx) =>
      this.deliveries.claimDue(tx, this.runningByEndpoint, perEndpoint, leaseEnd),
    );
    for (const delivery of claimed) this.begin(delivery);
    return claimed.length;
  }

  private begin(delivery: ClaimedDelivery): void {
    this.countRunning(delivery.endpointId, 1);
    const attempt = this.sender.attempt(delivery).finally(() => {
      this.countRunning(delivery.endpointId, -1);
      this.attempts.delete(attempt);
      this.loop.wake();
    });
    this.attempts.add(attempt);
  }

  private countRunning(endpointId: string, change: number): void {
    this.runningByEndpoint.set(endpointId, (this.runningByEndpoint.get(endpointId) ?? 0) + change);
  }
}
