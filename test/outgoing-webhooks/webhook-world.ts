import type { Type } from '@nestjs/common';
import {
  EndpointsRepository,
  type Endpoint,
} from '../../src/outgoing-webhooks/endpoints/endpoints.repository.js';
import type {
  CreateEndpointDto,
  EndpointWithSecretDto,
} from '../../src/outgoing-webhooks/endpoints/endpoint.dto.js';
import { WebhookEndpointsService } from '../../src/outgoing-webhooks/endpoints/webhook-endpoints.service.js';
import { EventPublisher } from '../../src/outgoing-webhooks/events/event-publisher.js';
import { DeliveriesRepository } from '../../src/outgoing-webhooks/deliveries/deliveries.repository.js';
import type { DeliveryDto } from '../../src/outgoing-webhooks/deliveries/delivery.dto.js';
import type { Config } from '../../src/platform/config/config.js';
import { createWorld, type World } from '../support/world.js';

export const operator = { kind: 'operator' } as const;

/** A world whose webhooks may reach receivers on this machine, in the present. */
export interface WebhookWorld extends World {
  get<T>(service: Type<T>): T;
  createEndpoint(input: CreateEndpointDto): Promise<EndpointWithSecretDto>;
  findEndpoint(id: string): Promise<Endpoint>;
  deliveries(endpointId: string): Promise<DeliveryDto[]>;
  /** Publishes an event of `type` without a domain event; `number` makes its id. */
  publish(number: number, type?: 'access.changed' | 'person.created'): Promise<string>;
}

/** Opens one. Close it when the file is done. */
export async function createWebhookWorld(change: Partial<Config> = {}): Promise<WebhookWorld> {
  const world = await createWorld({ webhookAllowNetworks: ['127.0.0.0/8'], ...change });
  world.clock.set(new Date());
  const get = <T>(service: Type<T>) => world.app.get(service, { strict: false });
  return {
    ...world,
    get,
    createEndpoint: (input) =>
      world.database.transaction((tx) => get(WebhookEndpointsService).create(tx, input, operator)),
    findEndpoint: async (id) => {
      const endpoint = await get(EndpointsRepository).find(world.database, id);
      if (endpoint === null) throw new Error(`There is no endpoint ${id}`);
      return endpoint;
    },
    deliveries: async (endpointId) =>
      (await get(DeliveriesRepository).list(endpointId, { limit: 100 })).items,
    publish: async (number, type = 'access.changed') => {
      const id = eventId(number);
      const event = { id, type, at: world.clock.now(), data: { number } };
      await world.database.transaction((tx) => get(EventPublisher).publish(tx, event));
      return id;
    },
  };
}

/** The id of a test's event. */
export const eventId = (number: number) => `evt_${number.toString(16).padStart(32, '0')}`;
