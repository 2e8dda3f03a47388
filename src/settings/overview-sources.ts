import { Injectable } from '@nestjs/common';
import { Devices } from '../auth/index.js';
import { BillingService } from '../billing/index.js';
import { CreditStatements } from '../credit/index.js';
import { ReferralOverviews } from '../referral/index.js';

/** The front doors that the settings read from. */
@Injectable()
export class OverviewSources {
  constructor(
    readonly referrals: ReferralOverviews,
    readonly statements: CreditStatements,
    readonly billing: BillingService,
    readonly devices: Devices,
  ) {}
}
