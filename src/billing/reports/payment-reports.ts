import { Inject, Injectable } from '@nestjs/common';
import pLimit, { type LimitFunction } from 'p-limit';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/errors.js';
import type { WebhookOutcome } from '../webhooks/webhook-handler.js';
import { WebhookProcessor } from '../webhooks/webhook-processor.js';
import { storedIdOf, toReportEvent, type Report } from './report.js';

/** Records what is reported of payments at processors other than Stripe. */
@Injectable()
export class PaymentReports {
  private readonly limit: LimitFunction;

  constructor(
    private readonly processor: WebhookProcessor,
    private readonly auditLog: AuditLog,
    private readonly database: Database,
    @Inject(CONFIG) config: Config,
  ) {
    // as Stripe's deliveries, they may not hold so many connections that people cannot sign in
    const mostConnections = Math.max(1, Math.floor(config.databasePoolMax / 2));
    this.limit = pLimit(Math.min(config.webhookConcurrency, mostConnections));
  }

  /**
   * Applies a report in one transaction, which also records who made it; or parks it until its
   * person or payment is known. Idempotent: nothing is written.
   * Errors: `payment.conflict`, with nothing written; `platform.unavailable`.
   */
  async record(report: Report, by: Actor): Promise<WebhookOutcome> {
    const outcome = await this.limit(() =>
      this.processor.processDelivery(toReportEvent(report), {
        inTransaction: (work) =>
          this.database.transaction(async (tx) => {
            const outcome = await work(tx);
            if (outcome.outcome !== 'duplicate' && outcome.detail !== 'already')
              this.auditLog.record(tx, {
                action: `billing.${report.kind}_reported`,
                actor: by,
                details: { id: storedIdOf(report), outcome: outcome.outcome, detail: outcome.detail },
                ...(outcome.subjectId === undefined ? {} : { subjectId: outcome.subjectId }),
              });
            return outcome;
          }),
      }),
    );
    // it failed too often by our own fault: the sender has to try again
    if (outcome.outcome === 'dead') throw new DomainError('platform.internal');
    return outcome;
  }
}
