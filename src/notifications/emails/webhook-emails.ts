import { Injectable } from '@nestjs/common';
import { getBrand } from '../../platform/brand.js';
import { NotificationsService } from '../notifications.service.js';
import { Recipients } from '../ports.js';

/** An endpoint that gets no more webhooks. `at` is ISO 8601. */
interface DisabledEndpoint {
  endpointId: string;
  host: string;
  reason: 'gone' | 'failing';
  at: string;
}

/** Emails to admins about outgoing webhooks. Called by event handlers. */
@Injectable()
export class WebhookEmails {
  constructor(
    private readonly notifications: NotificationsService,
    private readonly recipients: Recipients,
  ) {}

  /** Emails every admin that an endpoint was disabled, and why. */
  async sendEndpointDisabled({ endpointId, host, reason, at }: DisabledEndpoint): Promise<void> {
    for (const adminId of await this.recipients.findAdminIds())
      await this.notifications.send(adminId, {
        id: `webhook-endpoint-disabled:${endpointId}:${at}:${adminId}`,
        template: 'webhookEndpointDisabled',
        values: () => ({
          ...{ host, reason, endpointId, product: getBrand().productName },
          url: this.notifications.pageUrl(`/admin/webhooks/${endpointId}`),
        }),
      });
  }
}
