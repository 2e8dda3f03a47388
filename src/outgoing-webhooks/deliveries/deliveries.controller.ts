import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { ApiIdempotencyKey, Idempotency } from '../../platform/http/idempotency.js';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { keyActor, type ApiKeyPrincipal } from '../../platform/security/api-key.js';
import { CurrentKey, Scopes } from '../../platform/security/auth.decorators.js';
import { EndpointReader } from '../endpoints/endpoint-reader.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { DeliveryDto, DeliveryPageDto, DeliveryQuery } from './delivery.dto.js';
import { RedeliveryService } from './redelivery.service.js';

@ApiTags('webhook endpoints')
@Controller('api/v1/webhook-endpoints')
@Scopes('webhooks:manage')
export class DeliveriesController {
  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly endpoints: EndpointReader,
    private readonly redelivery: RedeliveryService,
    private readonly idempotency: Idempotency,
  ) {}

  /** What is sent to an endpoint, newest first. */
  @Get(':id/deliveries')
  async listWebhookDeliveries(
    @Param('id', IdPipe) id: string,
    @Query() query: DeliveryQuery,
  ): Promise<DeliveryPageDto> {
    await this.endpoints.get(id);
    return this.deliveries.list(id, query);
  }

  /** Sends an event to its endpoint again, with the same `webhook-id`. */
  @Post('deliveries/:id/redeliver')
  @HttpCode(202)
  @ApiIdempotencyKey()
  @Problems('webhooks.endpoint_disabled')
  redeliverWebhook(
    @CurrentKey() key: ApiKeyPrincipal,
    @Param('id', IdPipe) id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeliveryDto> {
    return this.idempotency.runOnce(request, reply, 202, (tx) =>
      this.redelivery.redeliver(tx, id, keyActor(key)),
    );
  }
}
