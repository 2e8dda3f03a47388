import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { alertCounter } from '../../platform/observability/metrics/process-metrics.js';
import { EndpointSecrets } from '../endpoints/endpoint-secrets.js';
import type { ClaimedDelivery } from './deliveries.repository.js';
import { PublicPeople } from '../events/public-people.js';
import { DeliveryAttempts } from './delivery-attempts.js';
import { WebhookSender, type SendResult } from './webhook-sender.js';

/** Tries one delivery, and stores what came of it. */
@Injectable()
export class DeliverySender {
  private readonly logger = new Logger('webhooks');

  constructor(
    private readonly sender: WebhookSender,
    private readonly secrets: EndpointSecrets,
    private readonly attempts: DeliveryAttempts,
    private readonly people: PublicPeople,
    private readonly database: Database,
  ) {}

  /** Errors: none. What cannot be stored is tried again once its lease ends. */
  async attempt(delivery: ClaimedDelivery): Promise<void> {
    try {
      const result = await this.send(delivery);
      await this.database.transaction((tx) => this.attempts.record(tx, delivery, result));
    } catch (error) {
      this.logger.error({ msg: 'webhooks.attempt_not_stored', deliveryId: delivery.id, err: error });
    }
  }

  private async send(delivery: ClaimedDelivery): Promise<SendResult> {
    const { eventId, type, at, url } = delivery;
    const secrets = this.openSecrets(delivery);
    if (secrets === null) return { status: null, error: 'SECRET_UNREADABLE', body: '', durationMs: 0 };
    const data = await this.people.addExternalIds(delivery.data);
    return this.sender.send({ id: eventId, type, timestamp: at.toISOString(), data, url, secrets });
  }

  private openSecrets(delivery: ClaimedDelivery): string[] | null {
    try {
      return this.secrets.open(delivery);
    } catch {
      const { endpointId } = delivery;
      alertCounter.inc({ name: 'webhooks.secret_unreadable' });
      this.logger.error({ msg: 'webhooks.secret_unreadable', alert: true, endpointId });
      return null;
    }
  }
}
