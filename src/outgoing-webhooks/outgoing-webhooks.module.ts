import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../accounts/index.js';
import { BillingModule } from '../billing/index.js';
import { type Config, CONFIG } from '../platform/config/config.js';
import { AccessPublisher } from './access/access-publisher.js';
import { PublishedAccessEntity } from './access/published-access.entity.js';
import { PublishedAccessRepository } from './access/published-access.repository.js';
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
import { EndpointReader } from './endpoints/endpoint-reader.js';
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
  imports: [
    TypeOrmModule.forFeature([DeliveryEntity, EndpointEntity, EventEntity, PublishedAccessEntity]),
    AccountsModule,
    BillingModule,
  ],
  controllers: [DeliveriesController, EventsController, WebhookEndpointsController],
  providers: [
    AccessPublisher,
    PublishedAccessRepository,
    DeliveriesRepository,
    DeliveryAttempts,
    DeliverySender,
    DeliveryWorker,
    DomainEventTranslator,
    EndpointReader,
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
  exports: [
    AccessPublisher,
    DeliveriesRepository,
    DeliveryWorker,
    DomainEventTranslator,
    EndpointReader,
    EndpointTests,
    EventRetention,
    RedeliveryService,
    WebhookEndpointsService,
  ],
})
export class OutgoingWebhooksModule {}
