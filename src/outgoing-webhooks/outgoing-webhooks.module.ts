import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { type Config, CONFIG } from '../platform/config/config.js';
import { AddressGuard } from './deliveries/address-guard.js';
import { DeliveriesController } from './deliveries/deliveries.controller.js';
import { DeliveriesRepository } from './deliveries/deliveries.repository.js';
import { DeliveryAttempts } from './deliveries/delivery-attempts.js';
import { DeliveryEntity } from './deliveries/delivery.entity.js';
import { DeliverySender } from './deliveries/delivery-sender.js';
import { DeliveryWorker } from './deliveries/delivery-worker.js';
import { RedeliveryService } from './deliveries/redelivery.service.js';
import { WebhookSender } from './deliveries/webhook-sender.js';
import { EndpointEntity } from './endpoints/endpoint.entity.js';
import { EndpointSecrets } from './endpoints/endpoint-secrets.js';
import { EndpointTests } from './endpoints/endpoint-tests.service.js';
import { EndpointsRepository } from './endpoints/endpoints.repository.js';
import { WebhookEndpointsController } from './endpoints/webhook-endpoints.controller.js';
import { WebhookEndpointsService } from './endpoints/webhook-endpoints.service.js';
import { DomainEventTranslator } from './events/domain-event-translator.js';
import { EventEntity } from './events/event.entity.js';
import { EventFeed } from './events/event-feed.js';
import { EventPublisher } from './events/event-publisher.js';
import { EventRetention } from './events/event-retention.js';
import { EventsController } from './events/events.controller.js';
import { PublicPeople } from './events/public-people.js';

@Module({
  imports: [TypeOrmModule.forFeature([DeliveryEntity, EndpointEntity, EventEntity])],
  controllers: [DeliveriesController, EventsController, WebhookEndpointsController],
  providers: [
    DeliveriesRepository,
    DeliveryAttempts,
    DeliverySender,
    DeliveryWorker,
    DomainEventTranslator,
    EndpointSecrets,
    EndpointTests,
    EndpointsRepository,
    EventFeed,
    EventPublisher,
    EventRetention,
    PublicPeople,
    RedeliveryService,
    WebhookEndpointsService,
    WebhookSender,
    {
      provide: AddressGuard,
      inject: [CONFIG],
      useFactory: ({ webhookAllowNetworks }: Config) => new AddressGuard(webhookAllowNetworks),
    },
  ],
  exports: [DeliveryWorker, DomainEventTranslator, EventRetention],
})
export class OutgoingWebhooksModule {}
