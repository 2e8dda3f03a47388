import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InvitationService } from '../../auth/index.js';
import { BillingService, Plans, type SubscriptionDto } from '../../billing/index.js';
import { EmailPreferences, optionalEmails } from '../../notifications/index.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import type { Principal } from '../../platform/security/principal.js';
import { channelLink } from '../../referral/index.js';
import type { BackupRevisionDto } from '../backup/backup.dto.js';
import { PageContext } from '../page-context.js';
import { SettingsOverviewService } from './settings-overview.js';
import {
  type BackupModel,
  type NoticeKey,
  type OpenedInviteModel,
  type SettingsPageModel,
  type SubscriptionModel,
} from './settings-page-model.js';

/** Gathers what the settings page shows of what one pays. */
@Injectable()
export class BillingSectionsLoader {
  constructor(
    private readonly billing: BillingService,
    private readonly plans: Plans,
  ) {}

  /** Whether there is a customer in Stripe, and whether a card may still be charged. */
  async load(userId: string): Promise<Pick<SettingsPageModel, 'hasStripeCustomer' | 'stillCharged'>> {
    const [stillCharged, customers] = await Promise.all([
      this.billing.willBeCharged(userId),
      this.billing.listCustomerIds(userId),
    ]);
    return { hasStripeCustomer: customers.length > 0, stillCharged };
  }

  /** The plan's name is a nicety: without an answer from Stripe the page goes without it. */
  async loadSubscription(
    userId: string,
    subscription: SubscriptionDto | null,
  ): Promise<SubscriptionModel | null> {
    if (subscription === null) return null;
    const [plans, plannedEnd, paying] = await Promise.all([
      this.plans.list().catch(() => []),
      this.billing.getPlannedEnd(userId),
      this.billing.findPayingSubscription(userId),
    ]);
    return {
      status: subscription.status,
      planName: plans.find((plan) => plan.priceId === subscription.priceId)?.name ?? null,
      currentPeriodEnd: subscription.currentPeriodEnd,
      cancelAtPeriodEnd: subscription.cancelAtPeriodEnd,
      plannedEnd,
      otherProvider: paying?.provider ?? null,
    };
  }
}

/** What a request adds to the page: what was just done, or what a form waits for. */
export interface PageState {
  notice?: NoticeKey | null;
  problem?: SettingsPageModel['problem'];
  emailChange?: SettingsPageModel['emailChange'];
  erasure?: SettingsPageModel['erasure'];
  openedInviteCode?: string | null;
  asksTimeZone?: boolean;
}

/** Gathers what the settings page shows. */
@Injectable()
export class SettingsPageLoader {
  // eslint-disable-next-line max-params -- one for each part of the page
  constructor(
    private readonly overview: SettingsOverviewService,
    private readonly invitationService: InvitationService,
    private readonly billingSections: BillingSectionsLoader,
    private readonly emailPreferences: EmailPreferences,
    private readonly pageContext: PageContext,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The page of `me` in this state. */
  async load(me: Principal, pageState: PageState = {}): Promise<SettingsPageModel> {
    const [overview, billingSections, wanted] = await Promise.all([
      this.overview.load(me),
      this.billingSections.load(me.userId),
      this.emailPreferences.findWanted(me.userId),
    ]);
    const { userWithAccess, credit, sessions, backup } = overview;
    const delivery = this.config.creditDelivery;
    // days that wait behind a paid period are as many as are left, not as many as until their end
    const referral =
      delivery === 'overlay' ? overview.referral : { ...overview.referral, daysOnAccount: credit.usefulDays };
    return {
      ...billingSections,
      viewer: this.pageContext.signedInViewer(me),
      user: userWithAccess.user,
      access: { tier: userWithAccess.tier, ...userWithAccess.access },
      referral,
      copyLink: channelLink(this.config, referral.code, 'copy'),
      credit: { ...credit, delivery },
      subscription: await this.billingSections.loadSubscription(me.userId, overview.subscription),
      sessions,
      backup: toBackupModel(backup),
      emailChange: pageState.emailChange ?? null,
      erasure: pageState.erasure ?? null,
      formIds: { newEmail: randomUUID(), ownEmail: randomUUID() },
      optionalEmails: optionalEmails.map((kind) => ({ kind, isWanted: wanted.includes(kind) })),
      notice: pageState.notice ?? null,
      problem: pageState.problem ?? null,
      asksTimeZone: pageState.asksTimeZone ?? false,
      openedInvite: await this.loadOpenedInvite(referral.code, pageState.openedInviteCode ?? null),
    };
  }

  /** Whose invitation `code` is, for a person who opened it and has `ownCode`. */
  private async loadOpenedInvite(ownCode: string, code: string | null): Promise<OpenedInviteModel | null> {
    if (code === null) return null;
    const invitation = await this.invitationService.findByCode(code);
    return {
      code: invitation?.code ?? code,
      inviter: invitation?.name ?? null,
      isKnown: invitation !== null,
      isOwn: invitation !== null && invitation.code === ownCode,
    };
  }
}

/** The newest revision with all that are kept; null when none is. */
function toBackupModel(revisions: BackupRevisionDto[]): BackupModel | null {
  return revisions[0] === undefined ? null : { ...revisions[0], revisions };
}
