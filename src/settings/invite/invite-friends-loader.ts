import { Inject, Injectable } from '@nestjs/common';
import { ProfileService } from '../../auth/index.js';
import { CreditStatementService } from '../../credit/index.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import type { Principal } from '../../platform/security/principal.js';
import {
  channelLink,
  InviteNames,
  InviteQueries,
  LateClaims,
  LinkClicks,
  ReferralOverviewService,
} from '../../referral/index.js';
import { noticeReader, PageContext } from '../page-context.js';
import type { InviteModel, InviteFriendsModel } from './invite-friends-model.js';

const invitesPerPage = 25;

/** What a request adds to the page: where its list begins, and what a form did. */
export interface InviteFriendsState {
  cursor?: string;
  notice?: InviteFriendsModel['notice'];
  problem?: InviteFriendsModel['problem'];
}

/** Reads the invites of a person with what only the page of invitations shows of them. */
@Injectable()
export class InviteListLoader {
  constructor(
    private readonly inviteQueries: InviteQueries,
    private readonly inviteNames: InviteNames,
  ) {}

  /** The invites from `cursor` on. */
  async load(me: Principal, cursor: string): Promise<Pick<InviteFriendsModel, 'invites' | 'nextCursor'>> {
    const query = { limit: invitesPerPage, ...(cursor === '' ? {} : { cursor }) };
    const { items, nextCursor } = await this.inviteQueries.list(me.userId, query, noticeReader(me));
    const names = await this.inviteNames.find(items.map(({ id }) => id));
    const invites = items.map((invite): InviteModel => {
      const unknown = { note: null, chosenName: null, maskedAddress: invite.label };
      return { ...invite, ...(names.get(invite.id) ?? unknown) };
    });
    return { invites, nextCursor };
  }
}

/** Gathers what the page of invitations shows. */
@Injectable()
export class InviteFriendsLoader {
  // eslint-disable-next-line max-params -- one for each part of the page
  constructor(
    private readonly lists: InviteListLoader,
    private readonly inviteQueries: InviteQueries,
    private readonly overviews: ReferralOverviewService,
    private readonly statements: CreditStatementService,
    private readonly linkClicks: LinkClicks,
    private readonly lateClaims: LateClaims,
    private readonly profileService: ProfileService,
    private readonly pageContext: PageContext,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The page of `me` in this state. */
  async load(
    me: Principal,
    { cursor = '', notice = null, problem = null }: InviteFriendsState = {},
  ): Promise<InviteFriendsModel> {
    const { userId } = me;
    const summary = this.inviteQueries.summarize(userId, me.timeZone);
    const [list, { months, monthsZone, ...rewards }, referral, credit, linkStats, canClaimReferral, user] =
      await Promise.all([
        this.lists.load(me, cursor),
        summary,
        this.overviews.getForUser(userId, noticeReader(me), summary),
        this.statements.getForUser(userId),
        this.linkClicks.statsForUser(userId),
        this.lateClaims.canClaim(userId),
        this.profileService.findUser(userId),
      ]);
    return {
      ...list,
      rewards,
      ...{ months, monthsZone },
      viewer: this.pageContext.signedInViewer(me),
      timeZone: user.timeZone,
      referral:
        this.config.creditDelivery === 'overlay'
          ? referral
          : { ...referral, daysOnAccount: credit.usefulDays },
      linkBy: (channel) => channelLink(this.config, referral.code, channel),
      needsName: user.displayName === null,
      cursor,
      linkStats,
      canClaimReferral,
      notice,
      problem,
    };
  }
}
