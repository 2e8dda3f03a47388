import { Inject, Injectable } from '@nestjs/common';
import { setUpWebhookEndpoint, type EndpointSetup } from '../../billing/index.js';
import { AuditLog } from '../../platform/audit-log.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.js';
import { secondMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import { RateLimits } from '../../platform/security/rate-limits.js';

/** The webhook endpoint at Stripe, as the command `stripe setup` sets it up. */
@Injectable()
export class StripeEndpoint {
  constructor(
    private readonly rateLimits: RateLimits,
    private readonly auditLog: AuditLog,
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Whether there is an endpoint to set up: the built-in sandbox needs none. */
  get isNeeded(): boolean {
    return this.config.sandboxUrl === null && this.config.stripeSecretKey !== null;
  }

  /**
   * What would be done; `replace` and `enable` as far as they are needed. Errors: those of Stripe;
   * `request.not_found` where there is nothing to set up.
   */
  async plan(): Promise<EndpointSetup> {
    this.requireNeed();
    return setUpWebhookEndpoint(this.config, { isDryRun: true });
  }

  /**
   * Does it. `planned` is the outcome of the plan that the admin saw: only that enables an
   * endpoint, or makes a second one. Errors: as {@link plan}; `auth.too_many` for two at once,
   * since Stripe would make two endpoints.
   */
  async setUp(adminId: string, planned: string): Promise<EndpointSetup> {
    this.requireNeed();
    await this.rateLimits.hit([{ key: 'stripe-endpoint', hits: 1, windowMs: 15 * secondMs }]);
    const setup = await setUpWebhookEndpoint(this.config, {
      isDryRun: false,
      enable: planned === 'disabled',
      replace: planned === 'other_version',
    });
    await this.database.transaction((tx) =>
      Promise.resolve(
        this.auditLog.record(tx, {
          action: 'billing.webhook_endpoint_set_up',
          actor: { kind: 'admin', id: adminId },
          details: { outcome: setup.outcome, endpointId: setup.id, addedTypes: setup.addedTypes.length },
        }),
      ),
    );
    return setup;
  }

  private requireNeed(): void {
    if (!this.isNeeded) throw new DomainError('request.not_found');
  }
}
