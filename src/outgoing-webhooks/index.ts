export { OutgoingWebhooksModule } from './outgoing-webhooks.module.js';
export { AccessPublisher } from './access/access-publisher.js';
export { DeliveryWorker } from './deliveries/delivery-worker.js';
export { DomainEventTranslator } from './events/domain-event-translator.js';
export { EventRetention } from './events/event-retention.js';
export type { WebhookEndpointDisabled } from './webhook.events.js';
export { webhookMetrics } from './webhook-metrics.js';
