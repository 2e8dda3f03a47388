import { Inject, Injectable } from '@nestjs/common';
import { labelOf, optionalLetters } from '../auth/index.js';
import type { Config } from '../platform/config.js';
import type { Principal } from '../platform/http/principal.js';
import { wordsIn } from '../platform/locale/words.js';
import { CONFIG } from '../platform/tokens.js';
import type { NoticeKey, SettingsModel } from './pages/settings-model.js';
import { backupModel, creditModel, inviteModel, sessionModel } from './settings-parts.js';
import { SettingsOverview, type Overview } from './settings-overview.js';
import { SettingsSources } from './settings-sources.js';

/** What a request adds to the page: what was just done, or what a form waits for. */
export interface Occasion {
  notice?: NoticeKey | null;
  problem?: SettingsModel['problem'];
  emailChange?: SettingsModel['emailChange'];
  erasure?: SettingsModel['erasure'];
  followedCode?: string | null;
  invitesCursor?: string;
}

const invitesShown = 25;

/** Gathers what the settings page shows. */
@Injectable()
export class SettingsModels {
  constructor(
    private readonly overview: SettingsOverview,
    private readonly sources: SettingsSources,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The page of `me` on this occasion. */
  async of(me: Principal, occasion: Occasion = {}): Promise<SettingsModel> {
    const { invites, billing, viewers, letters } = this.sources;
    const [overview, reward, page, isCharged, customers, wanted, linkFigures, mayClaim] = await Promise.all([
      this.overview.of(me),
      viewers.reward(),
      invites.page(
        me.userId,
        {
          limit: invitesShown,
          ...(occasion.invitesCursor === undefined ? {} : { cursor: occasion.invitesCursor }),
        },
        wordsIn(me.locale),
      ),
      billing.isCharged(me.userId),
      billing.customersOf(me.userId),
      letters.wanted(me.userId),
      this.sources.visits.of(me.userId),
      this.sources.claims.isOpenFor(me.userId),
    ]);
    const { person, credit, sessions, backup } = overview;
    const delivery = this.config.creditDelivery;
    // days that wait behind a paid period are as many as are left, not as many as until their end
    const referral =
      delivery === 'overlay' ? overview.referral : { ...overview.referral, daysOnAccount: credit.usefulDays };
    return {
      viewer: viewers.ofSignedIn(me),
      reward,
      user: { ...person.user, shownAs: labelOf(person.user) },
      access: { tier: person.tier, ...person.access },
      referral,
      invites: page.items.map(inviteModel),
      olderInvitesHref: page.nextCursor === null ? null : `/settings?invites=${page.nextCursor}#invites`,
      credit: creditModel(credit, delivery),
      subscription: await this.subscription(me.userId, overview),
      hasBilling: customers.length > 0,
      stillCharged: isCharged,
      sessions: sessions.map(sessionModel),
      backup: backupModel(backup),
      emailChange: occasion.emailChange ?? null,
      erasure: occasion.erasure ?? null,
      mayClaim,
      linkFigures,
      letters: optionalLetters.map((kind) => ({ kind, isWanted: wanted.includes(kind) })),
      notice: occasion.notice ?? null,
      problem: occasion.problem ?? null,
      followed: await this.followed(referral.code, occasion.followedCode ?? null),
    };
  }

  /** The plan's name is a nicety: without an answer from Stripe the page goes without it. */
  private async subscription(
    userId: string,
    { subscription }: Overview,
  ): Promise<SettingsModel['subscription']> {
    if (subscription === null) return null;
    const [plans, plannedEnd] = await Promise.all([
      this.sources.plans.offered().catch(() => []),
      this.sources.billing.plannedEndOf(userId),
    ]);
    return {
      status: subscription.status,
      planName: plans.find((plan) => plan.priceId === subscription.priceId)?.name ?? null,
      currentPeriodEnd:
        subscription.currentPeriodEnd === null ? null : new Date(subscription.currentPeriodEnd),
      cancelAtPeriodEnd: subscription.cancelAtPeriodEnd,
      plannedEnd,
    };
  }

  private async followed(ownCode: string, code: string | null): Promise<SettingsModel['followed']> {
    if (code === null) return null;
    const invitation = await this.sources.invitations.invitedBy(code);
    return {
      code: invitation?.code ?? code,
      label: invitation?.label ?? null,
      own: invitation !== null && invitation.code === ownCode,
    };
  }
}
