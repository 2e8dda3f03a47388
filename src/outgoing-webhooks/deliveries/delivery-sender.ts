import { Injectable } from '@nestjs/common';
import { PublicPeople } from '../events/public-people.js';
import type { ClaimedDelivery } from './deliveries.repository.js';
import { WebhookSender, type SendResult } from './webhook-sender.js';

/** Sends a delivery, with the external ids that people have now. */
@Injectable()
export class DeliverySender {
  constructor(
    private readonly sender: WebhookSender,
    private readonly people: PublicPeople,
  ) {}

  /** Errors: those of the database, before anything is sent. */
  async send(delivery: ClaimedDelivery): Promise<SendResult> {
    const { eventId, at } = delivery;
    const data = await this.people.addExternalIds(delivery.data);
    return this.sender.send({ ...delivery, id: eventId, timestamp: at.toISOString(), data });
  }
}
