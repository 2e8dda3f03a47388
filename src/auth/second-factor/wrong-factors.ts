import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { AuditLog } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { dayMs } from '../../platform/durations.js';
import { newId } from '../../platform/ids.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { Log } from '../../platform/observability/logging/log.js';
import { registry } from '../../platform/observability/metrics/process-metrics.js';
import { RateLimits } from '../../platform/security/rate-limits.js';
import type { SecondFactorGuessed } from '../auth.events.js';

/** More than a person mistypes. A series begins with a wrong factor and lasts a day. */
const wrongFactorsOfASeries = 5;

const wrongFactors = new Counter({
  name: 'twofold_second_factors_wrong_total',
  help: 'Wrong second factors and recovery codes that this process refused',
  registers: [registry],
});

/** Counts wrong second factors, and reports a series of them once. */
@Injectable()
export class WrongFactors {
  // eslint-disable-next-line max-params -- a series is counted, audited, emailed and reported
  constructor(
    private readonly rates: RateLimits,
    private readonly auditLog: AuditLog,
    private readonly outbox: Outbox,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Counts a wrong factor of `userId`. The fifth of a series is audited, and emailed to them. */
  async record(userId: string): Promise<void> {
    wrongFactors.inc();
    const isSeries = await this.database.transaction(async (tx) => {
      const series = { key: `second-factor-wrong:${userId}`, windowMs: dayMs };
      if ((await this.rates.count(tx, series)) !== wrongFactorsOfASeries) return false;
      this.auditLog.record(tx, {
        action: 'auth.second_factor_guessed',
        actor: { kind: 'system' },
        subjectId: userId,
        details: { attempts: wrongFactorsOfASeries },
      });
      const event: SecondFactorGuessed = {
        name: 'auth.second_factor_guessed',
        ...{ userId, seriesId: newId(this.clock), attempts: wrongFactorsOfASeries },
      };
      this.outbox.publish(tx, event);
      return true;
    });
    if (isSeries) this.log.alert('auth.second_factor_guessed', { userId });
  }
}
