import { Injectable } from '@nestjs/common';
import type { DeviceView } from '../auth/index.js';
import type { SubscriptionView } from '../billing/index.js';
import type { Statement } from '../credit/index.js';
import type { Principal } from '../platform/http/principal.js';
import type { ReferralOverview } from '../referral/index.js';
import { Backups, type Revision } from './backups.js';
import { Myself, type Person } from './myself.js';
import { OverviewSources } from './overview-sources.js';

/** All that the settings show of somebody. */
export interface Overview {
  person: Person;
  referral: ReferralOverview;
  credit: Statement;
  subscription: SubscriptionView | null;
  sessions: DeviceView[];
  backup: Revision[];
}

const devicesShown = 100;

/** Reads everything that the settings show, at once. */
@Injectable()
export class SettingsOverview {
  constructor(
    private readonly myself: Myself,
    private readonly parts: OverviewSources,
    private readonly backups: Backups,
  ) {}

  /** The settings of `me`; makes their referral code when it is missing. */
  async of(me: Principal): Promise<Overview> {
    const { referrals, statements, billing, devices } = this.parts;
    const [person, referral, credit, subscription, sessions, backup] = await Promise.all([
      this.myself.person(me.userId),
      referrals.of(me.userId),
      statements.of(me.userId),
      billing.subscriptionOf(me.userId),
      devices.page(me.userId, me.sessionId, { limit: devicesShown }),
      this.backups.revisions(me.userId),
    ]);
    return { person, referral, credit, subscription, sessions: sessions.items, backup };
  }
}
