export { OutgoingWebhooksModule } from './outgoing-webhooks.module.js';
export { AccessPublisher } from './access/access-publisher.js';
export {
  deliveryList,
  DeliveriesRepository,
  type ListedDelivery,
} from './deliveries/deliveries.repository.js';
export type { DeliveryDto } from './deliveries/delivery.dto.js';
export type { DeliveryStatus } from './deliveries/delivery.entity.js';
export { DeliveryWorker } from './deliveries/delivery-worker.js';
export { RedeliveryService } from './deliveries/redelivery.service.js';
export type {
  CreateEndpointDto,
  EndpointDto,
  EndpointWithSecretDto,
  TestResultDto,
} from './endpoints/endpoint.dto.js';
export { EndpointReader } from './endpoints/endpoint-reader.js';
export { EndpointTests } from './endpoints/endpoint-tests.service.js';
export { WebhookEndpointsService } from './endpoints/webhook-endpoints.service.js';
export { DomainEventTranslator } from './events/domain-event-translator.js';
export { EventRetention } from './events/event-retention.js';
export { eventTypes } from './events/event-types.js';
export type { WebhookEndpointDisabled } from './webhook.events.js';
export { webhookMetrics } from './webhook-metrics.js';
