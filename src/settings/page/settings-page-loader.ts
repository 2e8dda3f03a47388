import { Inject, Injectable } from '@nestjs/common';
import { publicName } from '../../auth/index.js';
import { optionalEmails } from '../../notifications/index.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import type { Principal } from '../../platform/security/principal.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import type { NoticeKey, SettingsPageModel } from './settings-page-model.js';
import { toBackupModel, toInviteModel } from './settings-page-mappers.js';
import { SettingsOverviewService, type SettingsOverview } from './settings-overview.js';
import { SettingsSources } from './settings-sources.js';

/** What a request adds to the page: what was just done, or what a form waits for. */
export interface PageState {
  notice?: NoticeKey | null;
  problem?: SettingsPageModel['problem'];
  emailChange?: SettingsPageModel['emailChange'];
  erasure?: SettingsPageModel['erasure'];
  openedInviteCode?: string | null;
  invitesCursor?: string;
}

const invitesPerPage = 25;

/** Gathers what the settings page shows. */
@Injectable()
export class SettingsPageLoader {
  constructor(
    private readonly overview: SettingsOverviewService,
    private readonly sources: SettingsSources,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The page of `me` on this occasion. */
  async load(me: Principal, pageState: PageState = {}): Promise<SettingsPageModel> {
    const { inviteQueries, billing, pageContext, emailPreferences } = this.sources;
    const [overview, reward, invitePage, isCharged, customers, wanted, linkFigures, mayClaim] =
      await Promise.all([
        this.overview.load(me),
        pageContext.currentReward(),
        inviteQueries.list(
          me.userId,
          {
            limit: invitesPerPage,
            ...(pageState.invitesCursor === undefined ? {} : { cursor: pageState.invitesCursor }),
          },
          getTranslator(me.locale),
        ),
        billing.willBeCharged(me.userId),
        billing.listCustomerIds(me.userId),
        emailPreferences.findWanted(me.userId),
        this.sources.linkClicks.statsForUser(me.userId),
        this.sources.lateClaims.canClaim(me.userId),
      ]);
    const { userWithAccess, credit, sessions, backup } = overview;
    const delivery = this.config.creditDelivery;
    // days that wait behind a paid period are as many as are left, not as many as until their end
    const referral =
      delivery === 'overlay' ? overview.referral : { ...overview.referral, daysOnAccount: credit.usefulDays };
    return {
      viewer: pageContext.signedInViewer(me),
      reward,
      user: { ...userWithAccess.user, publicName: publicName(userWithAccess.user) },
      access: { tier: userWithAccess.tier, ...userWithAccess.access },
      referral,
      invites: invitePage.items.map(toInviteModel),
      olderInvitesHref:
        invitePage.nextCursor === null ? null : `/settings?invites=${invitePage.nextCursor}#invites`,
      credit: { ...credit, delivery },
      subscription: await this.loadSubscription(me.userId, overview),
      hasStripeCustomer: customers.length > 0,
      stillCharged: isCharged,
      sessions,
      backup: toBackupModel(backup),
      emailChange: pageState.emailChange ?? null,
      erasure: pageState.erasure ?? null,
      canClaimReferral: mayClaim,
      linkStats: linkFigures,
      optionalEmails: optionalEmails.map((kind) => ({ kind, isWanted: wanted.includes(kind) })),
      notice: pageState.notice ?? null,
      problem: pageState.problem ?? null,
      openedInvite: await this.loadOpenedInvite(referral.code, pageState.openedInviteCode ?? null),
    };
  }

  /** The plan's name is a nicety: without an answer from Stripe the page goes without it. */
  private async loadSubscription(
    userId: string,
    { subscription }: SettingsOverview,
  ): Promise<SettingsPageModel['subscription']> {
    if (subscription === null) return null;
    const [plans, plannedEnd] = await Promise.all([
      this.sources.plans.list().catch(() => []),
      this.sources.billing.getPlannedEnd(userId),
    ]);
    return {
      status: subscription.status,
      planName: plans.find((plan) => plan.priceId === subscription.priceId)?.name ?? null,
      currentPeriodEnd: subscription.currentPeriodEnd,
      cancelAtPeriodEnd: subscription.cancelAtPeriodEnd,
      plannedEnd,
    };
  }

  private async loadOpenedInvite(
    ownCode: string,
    code: string | null,
  ): Promise<SettingsPageModel['openedInvite']> {
    if (code === null) return null;
    const invitation = await this.sources.invitationService.findByCode(code);
    return {
      code: invitation?.code ?? code,
      label: invitation?.label ?? null,
      isOwn: invitation !== null && invitation.code === ownCode,
    };
  }
}
