import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Database } from '../../platform/database/database.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { ApiIdempotencyKey, Idempotency } from '../../platform/http/idempotency.js';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { PageQuery, paginate } from '../../platform/http/page.dto.js';
import { keyActor, type ApiKeyPrincipal } from '../../platform/security/api-key.js';
import { CurrentKey, Scopes } from '../../platform/security/auth.decorators.js';
import {
  ChangeEndpointDto,
  CreateEndpointDto,
  EndpointDto,
  EndpointPageDto,
  EndpointWithSecretDto,
  TestResultDto,
} from './endpoint.dto.js';
import { EndpointReader } from './endpoint-reader.js';
import { EndpointTests } from './endpoint-tests.service.js';
import { WebhookEndpointsService } from './webhook-endpoints.service.js';

@ApiTags('webhook endpoints')
@Controller('api/v1/webhook-endpoints')
@Scopes('webhooks:manage')
export class WebhookEndpointsController {
  constructor(
    private readonly service: WebhookEndpointsService,
    private readonly reader: EndpointReader,
    private readonly tests: EndpointTests,
    private readonly database: Database,
    private readonly idempotency: Idempotency,
  ) {}

  /**
   * Adds an endpoint. Its secret is shown this once, so no `Idempotency-Key` repeats the answer.
   */
  @Post()
  @Problems('webhooks.url_refused', 'webhooks.too_many_endpoints')
  createWebhookEndpoint(
    @CurrentKey() key: ApiKeyPrincipal,
    @Body() body: CreateEndpointDto,
  ): Promise<EndpointWithSecretDto> {
    return this.database.transaction((tx) => this.service.create(tx, body, keyActor(key)));
  }

  /** All endpoints, oldest first. */
  @Get()
  async listWebhookEndpoints(@Query() query: PageQuery): Promise<EndpointPageDto> {
    return paginate(await this.reader.list(), query);
  }

  /** One endpoint. */
  @Get(':id')
  getWebhookEndpoint(@Param('id', IdPipe) id: string): Promise<EndpointDto> {
    return this.reader.get(id);
  }

  /** Changes an endpoint, or disables and enables it. */
  @Patch(':id')
  @Problems('webhooks.url_refused')
  changeWebhookEndpoint(
    @CurrentKey() key: ApiKeyPrincipal,
    @Param('id', IdPipe) id: string,
    @Body() body: ChangeEndpointDto,
  ): Promise<EndpointDto> {
    return this.database.transaction((tx) => this.service.change(tx, id, body, keyActor(key)));
  }

  /** Deletes an endpoint. Nothing more is sent to it. */
  @Delete(':id')
  @HttpCode(204)
  async deleteWebhookEndpoint(
    @CurrentKey() key: ApiKeyPrincipal,
    @Param('id', IdPipe) id: string,
  ): Promise<void> {
    await this.database.transaction((tx) => this.service.delete(tx, id, keyActor(key)));
  }

  /** Makes a new secret, shown this once. Webhooks are signed with both for a day. */
  @Post(':id/rotate-secret')
  @HttpCode(200)
  rotateWebhookSecret(
    @CurrentKey() key: ApiKeyPrincipal,
    @Param('id', IdPipe) id: string,
  ): Promise<EndpointWithSecretDto> {
    return this.database.transaction((tx) => this.service.rotateSecret(tx, id, keyActor(key)));
  }

  /** Sends `webhook.test` now, and answers what the receiver answered. */
  @Post(':id/test')
  @HttpCode(200)
  @ApiIdempotencyKey()
  testWebhookEndpoint(
    @Param('id', IdPipe) id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TestResultDto> {
    return this.idempotency.runOnceWithoutTransaction(request, reply, 200, () => this.tests.run(id));
  }
}
