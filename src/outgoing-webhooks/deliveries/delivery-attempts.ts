import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { addMs } from '../../platform/durations.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { EndpointsRepository } from '../endpoints/endpoints.repository.js';
import type { WebhookEndpointDisabled } from '../webhook.events.js';
import { DeliveriesRepository, type ClaimedDelivery } from './deliveries.repository.js';
import { failingLimitMs, nextAttemptAt } from './retry-schedule.js';
import { isAccepted, type SendResult } from './webhook-sender.js';

/** An attempt, and what came of it. */
export interface EndedAttempt {
  delivery: ClaimedDelivery;
  result: SendResult;
}

/** Stores what came of attempts, for the deliveries and for their endpoints. */
@Injectable()
export class DeliveryAttempts {
  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly endpoints: EndpointsRepository,
    private readonly auditLog: AuditLog,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * Idempotent: an attempt that a later one has replaced changes nothing. Endpoints are changed in
   * the order of their ids, so that processes wait for each other instead of deadlocking.
   */
  async record(tx: Tx, attempts: readonly EndedAttempt[]): Promise<void> {
    const byEndpoint = Map.groupBy(attempts, ({ delivery }) => delivery.endpointId);
    for (const [endpointId, ended] of [...byEndpoint].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      for (const attempt of ended) if (!isAccepted(attempt.result)) await this.recordFailed(tx, attempt);
      const taken = ended.flatMap(({ delivery, result }) =>
        isAccepted(result) ? [{ delivery, status: result.status }] : [],
      );
      if (taken.length > 0 && (await this.deliveries.markDelivered(tx, taken)) > 0)
        await this.endpoints.markWorking(tx, endpointId);
    }
  }

  private async recordFailed(tx: Tx, { delivery, result }: EndedAttempt): Promise<void> {
    const { status, error, retryAfterMs } = result;
    if (retryAfterMs !== null)
      await this.endpoints.pause(tx, delivery.endpointId, addMs(this.clock.now(), retryAfterMs));
    const isGone = status === 410;
    const next = isGone ? null : nextAttemptAt(delivery.attempts, this.clock.now());
    if (!(await this.deliveries.markFailed(tx, delivery, { status, error, nextAttemptAt: next }))) return;
    const failingSince = await this.endpoints.markFailing(tx, delivery.endpointId);
    const isFailingTooLong = this.clock.now().getTime() - failingSince.getTime() >= failingLimitMs;
    if (isGone || isFailingTooLong) await this.disable(tx, delivery, isGone ? 'gone' : 'failing');
  }

  private async disable(
    tx: Tx,
    { endpointId, url }: ClaimedDelivery,
    reason: WebhookEndpointDisabled['reason'],
  ): Promise<void> {
    if (!(await this.endpoints.disable(tx, endpointId, reason))) return;
    this.auditLog.record(tx, {
      action: 'webhook_endpoint.disabled',
      actor: { kind: 'system' },
      details: { endpointId, reason },
    });
    const event: WebhookEndpointDisabled = {
      name: 'webhooks.endpoint_disabled',
      ...{ endpointId, host: new URL(url).host, reason, at: this.clock.now().toISOString() },
    };
    this.outbox.publish(tx, event);
  }
}
