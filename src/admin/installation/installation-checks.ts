import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { checkEmailAddresses, checkSsoKeys } from '../../auth/index.js';
import { checkInbox, checkStripe, checkStripeAccount } from '../../billing/index.js';
import { checkMailServer } from '../../notifications/index.js';
import { problem, type CheckResult } from '../../platform/check-result.js';
import { Clock } from '../../platform/clock.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { checkDatabase } from '../../platform/database/check-database.js';
import { Database } from '../../platform/database/database.js';
import { Secrets } from '../../platform/security/secrets.js';
import { checkConfiguration } from './check-configuration.js';
import { checkKeys } from './check-keys.js';
import type { InstallationReportEntity } from './installation-report.entity.js';

/** What was found, and when. */
export type InstallationReport = Pick<InstallationReportEntity, 'checkedAt' | 'findings'>;

/** The checks of the command `doctor`, run by the server in the background. */
@Injectable()
export class InstallationChecks {
  constructor(
    private readonly dataSource: DataSource,
    private readonly database: Database,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * What the last run found; null before the first. Reports of earlier versions hold English texts
   * (`seen`): they count as none until the next run, within the hour.
   */
  async latest(): Promise<InstallationReport | null> {
    const [report] = await this.database.query<InstallationReport>(
      `SELECT checked_at AS "checkedAt", findings FROM admin.installation_report
       WHERE NOT jsonb_path_exists(findings, '$[*].seen')`,
    );
    return report ?? null;
  }

  /**
   * Checks everything, and stores what was found. Changes nothing else. It asks Stripe, the mail
   * server and the other product: each answers within its time limit, or that is a finding.
   */
  async run(): Promise<void> {
    const found = await Promise.all([
      this.checkDatabase(),
      this.checkStripe(),
      checkMailServer(this.config),
      checkSsoKeys(this.config),
    ]);
    await this.database.transaction((tx) =>
      tx.query(
        `INSERT INTO admin.installation_report (checked_at, findings) VALUES ($1, $2)
         ON CONFLICT (id) DO UPDATE SET checked_at = excluded.checked_at, findings = excluded.findings`,
        [this.clock.now(), toJson([...checkConfiguration(this.config), ...found.flat()])],
      ),
    );
  }

  private async checkDatabase(): Promise<CheckResult[]> {
    return [
      ...(await checkDatabase(this.dataSource, () => this.clock.now())),
      ...(await checkKeys(this.database, this.secrets.keyIds())),
      ...(await checkEmailAddresses(this.database)),
      ...(await checkInbox(this.database, this.clock.now())),
    ];
  }

  private async checkStripe(): Promise<CheckResult[]> {
    const isSandbox = this.config.sandboxUrl !== null;
    if (this.config.stripeSecretKey === null) return [problem('stripeKey', 'stripeKeyUnset')];
    return [
      ...(await checkStripe({ config: this.config, isSandbox, now: () => this.clock.now() })),
      ...(isSandbox ? [] : await checkStripeAccount(this.database, this.config)),
    ];
  }
}

/** A value that Stripe left out is empty: its message cannot be worded without it. */
function toJson(findings: readonly CheckResult[]): string {
  return JSON.stringify(findings, (_, value: unknown) => value ?? '');
}
