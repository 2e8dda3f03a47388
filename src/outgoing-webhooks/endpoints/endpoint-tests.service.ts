import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { isAccepted, WebhookSender } from '../deliveries/webhook-sender.js';
import type { TestResultDto } from './endpoint.dto.js';
import { unknownEndpoint } from './endpoint-reader.js';
import { EndpointsRepository } from './endpoints.repository.js';

/** Sends `webhook.test`, which is stored nowhere. */
@Injectable()
export class EndpointTests {
  constructor(
    private readonly endpoints: EndpointsRepository,
    private readonly sender: WebhookSender,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Sends one now, also to an endpoint that is disabled, and answers what the receiver answered.
   * Errors: `request.not_found`.
   */
  async run(id: string): Promise<TestResultDto> {
    const endpoint = await this.endpoints.find(this.database, id);
    if (endpoint === null) throw unknownEndpoint();
    const { retryAfterMs: _, ...result } = await this.sender.send({
      ...endpoint,
      ...{ id: `evt_${randomBytes(16).toString('hex')}`, endpointId: id },
      type: 'webhook.test',
      timestamp: this.clock.now().toISOString(),
      data: { endpointId: id },
    });
    return { accepted: isAccepted(result), ...result };
  }
}
