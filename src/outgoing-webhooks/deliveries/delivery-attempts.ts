import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { EndpointsRepository } from '../endpoints/endpoints.repository.js';
import type { WebhookEndpointDisabled } from '../webhook.events.js';
import { DeliveriesRepository, type ClaimedDelivery } from './deliveries.repository.js';
import { failingLimitMs, nextAttemptAt } from './retry-schedule.js';
import { isAccepted, type SendResult } from './webhook-sender.js';

/** Stores what came of an attempt, for the delivery and for its endpoint. */
@Injectable()
export class DeliveryAttempts {
  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly endpoints: EndpointsRepository,
    private readonly auditLog: AuditLog,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Idempotent: an attempt that a later one has replaced changes nothing. */
  async record(tx: Tx, delivery: ClaimedDelivery, result: SendResult): Promise<void> {
    if (isAccepted(result)) {
      if (await this.deliveries.markDelivered(tx, delivery, result.status))
        await this.endpoints.markWorking(tx, delivery.endpointId);
      return;
    }
    const isGone = result.status === 410;
    const next = isGone ? null : nextAttemptAt(delivery.attempts, this.clock.now());
    const { status, error } = result;
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
