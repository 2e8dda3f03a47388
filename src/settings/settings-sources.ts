import { Injectable } from '@nestjs/common';
import { Invitations, LetterChoices } from '../auth/index.js';
import { BillingService, Plans } from '../billing/index.js';
import { LateClaims } from '../life/index.js';
import { Invites, Visits } from '../referral/index.js';
import { Viewers } from './viewers.js';

/** The front doors that only the settings page reads from. */
@Injectable()
export class SettingsSources {
  // eslint-disable-next-line max-params -- a list of whom one page asks, not of who works together
  constructor(
    readonly viewers: Viewers,
    readonly invites: Invites,
    readonly invitations: Invitations,
    readonly billing: BillingService,
    readonly plans: Plans,
    readonly letters: LetterChoices,
    readonly visits: Visits,
    readonly claims: LateClaims,
  ) {}
}
