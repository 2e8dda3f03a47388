import { Module } from '@nestjs/common';
import { CreditModule } from '../credit/index.js';
import { Conversions } from './conversions.js';
import { Invites } from './invites.js';
import { CodeSource, RandomCodes, ReferralCodes } from './referral-codes.js';
import { OverviewParts } from './overview-parts.js';
import { ReferralOverviews } from './referral-overview.js';
import { ReferralTrail } from './referral-trail.js';
import { ReferralController } from './referral.controller.js';
import { ReferralService } from './referral.service.js';
import { StandingAudit } from './standing-audit.js';
import { Standings } from './standings.js';
import { StandingTrail } from './standing-trail.js';
import { ProgrammeTerms } from './terms.js';

@Module({
  imports: [CreditModule],
  controllers: [ReferralController],
  providers: [
    Conversions,
    Invites,
    OverviewParts,
    ProgrammeTerms,
    ReferralCodes,
    ReferralOverviews,
    ReferralService,
    ReferralTrail,
    StandingAudit,
    StandingTrail,
    Standings,
    { provide: CodeSource, useClass: RandomCodes },
  ],
  exports: [Invites, ProgrammeTerms, ReferralOverviews, ReferralService, StandingAudit],
})
export class ReferralModule {}
