import { Injectable } from '@nestjs/common';
import { SessionService } from '../../auth/index.js';
import { BillingService } from '../../billing/index.js';
import { CreditStatementService } from '../../credit/index.js';
import { ReferralOverviewService } from '../../referral/index.js';

/** The services that the settings read from. */
@Injectable()
export class OverviewSources {
  constructor(
    readonly referrals: ReferralOverviewService,
    readonly statements: CreditStatementService,
    readonly billing: BillingService,
    readonly sessionService: SessionService,
  ) {}
}
