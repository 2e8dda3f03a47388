export { ReferralModule } from './referral.module.js';
export { ReferralService } from './referral.service.js';
export { ReferralOverviews, type ReferralOverview } from './referral-overview.js';
export { Invites, type InviteView } from './invites.js';
export { explain, type Explanation } from './explain.js';
export { ProgrammeTerms, type Terms } from './terms.js';
export type { ReferralConverted, ReferralLinked } from './referral.events.js';
export type { Relation } from './relation.js';
