import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
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
    const { eventId, at } = delivery;
    const data = await this.people.addExternalIds(delivery.data);
    return this.sender.send({ ...delivery, id: eventId, timestamp: at.toISOString(), data });
  }
}
