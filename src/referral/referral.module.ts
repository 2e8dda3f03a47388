import { Module } from '@nestjs/common';
import { CreditModule } from '../credit/index.js';
import { Conversions } from './conversions/conversions.js';
import { Invites } from './invites/invites.js';
import { CodeSource, RandomCodes, ReferralCodes } from './codes/referral-codes.js';
import { OverviewParts } from './invites/overview-parts.js';
import { ReferralOverviews } from './invites/referral-overview.js';
import { ReferralTrail } from './links/referral-trail.js';
import { ReferralController } from './referral.controller.js';
import { ReferralService } from './referral.service.js';
import { StandingAudit } from './conversions/standing-audit.js';
import { Standings } from './conversions/standings.js';
import { StandingTrail } from './conversions/standing-trail.js';
import { ProgrammeTerms } from './terms/programme-terms.js';

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
