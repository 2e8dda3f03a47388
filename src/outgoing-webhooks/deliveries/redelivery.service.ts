import { Injectable } from '@nestjs/common';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import type { DeliveryDto } from './delivery.dto.js';

/** Sends again what was delivered, or failed for good. */
@Injectable()
export class RedeliveryService {
  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly auditLog: AuditLog,
  ) {}

  /**
   * Has a delivery sent again at once, and retried like a new one. Its earlier attempts stay
   * counted. Errors: `request.not_found`, `webhooks.endpoint_disabled`.
   */
  async redeliver(tx: Tx, id: string, actor: Actor): Promise<DeliveryDto> {
    const restarted = await this.deliveries.restart(tx, id);
    const delivery = await this.deliveries.find(tx, id);
    if (restarted === null || delivery === null)
      throw new DomainError('request.not_found', { detail: 'No such delivery.' });
    if (restarted.isDisabled) throw new DomainError('webhooks.endpoint_disabled');
    const { endpointId } = restarted;
    this.auditLog.record(tx, {
      action: 'webhook_delivery.restarted',
      actor,
      details: { endpointId, deliveryId: id },
    });
    return delivery;
  }
}
