import { Injectable } from '@nestjs/common';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { addMs, dayMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import { newId } from '../../platform/ids.js';
import { AddressGuard } from '../deliveries/address-guard.js';
import {
  toEndpointDto,
  type ChangeEndpointDto,
  type CreateEndpointDto,
  type EndpointDto,
  type EndpointWithSecretDto,
} from './endpoint.dto.js';
import { unknownEndpoint } from './endpoint-reader.js';
import { EndpointSecrets } from './endpoint-secrets.js';
import { EndpointsRepository, type Endpoint } from './endpoints.repository.js';

const maxEndpoints = 20;
const rotationOverlapMs = dayMs;

/** Where events are sent: created, changed and deleted by other products and by staff. */
@Injectable()
export class WebhookEndpointsService {
  constructor(
    private readonly endpoints: EndpointsRepository,
    private readonly secrets: EndpointSecrets,
    private readonly addresses: AddressGuard,
    private readonly auditLog: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Adds an endpoint and shows its secret. Errors: `webhooks.url_refused`;
   * `webhooks.too_many_endpoints` beyond twenty.
   */
  async create(tx: Tx, input: CreateEndpointDto, actor: Actor): Promise<EndpointWithSecretDto> {
    const { href } = this.addresses.parseUrl(input.url);
    if ((await this.endpoints.lockAndCount(tx)) >= maxEndpoints)
      throw new DomainError('webhooks.too_many_endpoints');
    const { secret, sealed } = this.secrets.create();
    const endpoint: Endpoint = {
      ...{ id: newId(this.clock), url: href, eventTypes: input.events ?? null },
      ...{ description: input.description ?? null, createdAt: this.clock.now() },
      ...{ secret: sealed, previousSecret: null, previousSecretUntil: null },
      ...{ failingSince: null, disabledAt: null, disabledReason: null },
    };
    await this.endpoints.insert(tx, endpoint);
    this.recordAudit(tx, 'created', endpoint.id, actor);
    return { ...toEndpointDto(endpoint), secret };
  }

  /**
   * Changes what `input` names. What waits is sent once it is enabled again. Errors:
   * `request.not_found`, `webhooks.url_refused`.
   */
  async change(tx: Tx, id: string, input: ChangeEndpointDto, actor: Actor): Promise<EndpointDto> {
    const endpoint = await this.findAndLock(tx, id);
    const changed = { ...endpoint, ...this.changesOf(endpoint, input) };
    await this.endpoints.update(tx, changed);
    this.recordAudit(tx, 'changed', id, actor);
    return toEndpointDto(changed);
  }

  /** Deletes an endpoint; nothing more is sent to it. Errors: `request.not_found`. */
  async delete(tx: Tx, id: string, actor: Actor): Promise<void> {
    if (!(await this.endpoints.delete(tx, id))) throw unknownEndpoint();
    this.recordAudit(tx, 'deleted', id, actor);
  }

  /**
   * Makes a new secret and shows it. The one before signs beside it for a day; an older one ends at
   * once. Errors: `request.not_found`.
   */
  async rotateSecret(tx: Tx, id: string, actor: Actor): Promise<EndpointWithSecretDto> {
    const endpoint = await this.findAndLock(tx, id);
    const { secret, sealed } = this.secrets.create();
    const rotated: Endpoint = {
      ...endpoint,
      secret: sealed,
      previousSecret: endpoint.secret,
      previousSecretUntil: addMs(this.clock.now(), rotationOverlapMs),
    };
    await this.endpoints.update(tx, rotated);
    this.recordAudit(tx, 'secret_rotated', id, actor);
    return { ...toEndpointDto(rotated), secret };
  }

  private changesOf(endpoint: Endpoint, input: ChangeEndpointDto): Partial<Endpoint> {
    const { url, events, description, enabled } = input;
    const isEnabled = endpoint.disabledAt === null;
    const enabledFields = { failingSince: null, disabledAt: null, disabledReason: null };
    const disabledFields = { disabledAt: this.clock.now(), disabledReason: 'manual' as const };
    return {
      ...(url === undefined ? {} : { url: this.addresses.parseUrl(url).href }),
      ...(events === undefined ? {} : { eventTypes: events }),
      ...(description === undefined ? {} : { description }),
      ...(enabled === undefined || enabled === isEnabled ? {} : enabled ? enabledFields : disabledFields),
    };
  }

  private async findAndLock(tx: Tx, id: string): Promise<Endpoint> {
    const endpoint = await this.endpoints.findAndLock(tx, id);
    if (endpoint === null) throw unknownEndpoint();
    return endpoint;
  }

  private recordAudit(tx: Tx, change: EndpointChange, endpointId: string, actor: Actor): void {
    this.auditLog.record(tx, { action: `webhook_endpoint.${change}`, actor, details: { endpointId } });
  }
}

type EndpointChange = 'created' | 'changed' | 'deleted' | 'secret_rotated';
