import { Injectable } from '@nestjs/common';
import { InvitationService } from '../../auth/index.js';
import { BillingService, Plans } from '../../billing/index.js';
import { EmailPreferences } from '../../notifications/index.js';
import { LateClaims, InviteQueries, LinkClicks } from '../../referral/index.js';
import { PageContext } from '../page-context.js';

/** The services that only the settings page reads from. */
@Injectable()
export class SettingsSources {
  // eslint-disable-next-line max-params -- a list of whom one page asks, not of who works together
  constructor(
    readonly pageContext: PageContext,
    readonly inviteQueries: InviteQueries,
    readonly invitationService: InvitationService,
    readonly billing: BillingService,
    readonly plans: Plans,
    readonly emailPreferences: EmailPreferences,
    readonly linkClicks: LinkClicks,
    readonly lateClaims: LateClaims,
  ) {}
}
