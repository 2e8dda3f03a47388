import { Inject, Injectable } from '@nestjs/common';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { channelParameter, channels, type Channel } from '../attribution/channels.js';
import type { ReferralOverviewDto } from './invite.dto.js';
import { InviteQueries, type InviteCounts } from './invite-queries.js';
import { ReferralCodes } from '../codes/referral-codes.js';
import { CreditService, CurrentAccessReader, usefulDaysAfterPayment } from '../../credit/index.js';
import { englishReader, type NoticeReader } from '../explain/notice-text.js';
import { referrerWorthText } from '../explain/reward-worth.js';
import { RewardNotices } from '../explain/reward-notices.js';
import { RewardOffers } from '../terms/reward-offers.js';
import { friendPromise, rewardSentence } from '../terms/reward-text.js';

/** Puts together what the referral section of settings shows. */
@Injectable()
export class ReferralOverviewService {
  // eslint-disable-next-line max-params -- one overview, and what it takes to show it
  constructor(
    private readonly codes: ReferralCodes,
    private readonly inviteQueries: InviteQueries,
    private readonly offers: RewardOffers,
    private readonly notices: RewardNotices,
    private readonly credit: CreditService,
    private readonly currentAccess: CurrentAccessReader,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * The overview of `userId`, in the words of `reader`; assigns a code when they have none.
   * `invites` are the counts of theirs, where the caller has them.
   */
  async getForUser(
    userId: string,
    reader: NoticeReader = englishReader,
    invites: Promise<InviteCounts> = this.inviteQueries.count(userId),
  ): Promise<ReferralOverviewDto> {
    const [code, { counts, activeCredits }, offer, daysOnAccount, access, invitation] = await Promise.all([
      this.codes.findOrAssign(userId),
      invites,
      this.offers.current(userId),
      this.credit.getDaysLeft(userId),
      this.currentAccess.find(userId),
      this.notices.findInvitation(userId, reader),
    ]);
    const { referrerDays: days, holdDays } = offer;
    const useful = usefulDaysAfterPayment({ days, holdDays }, access);
    const promise = friendPromise(reader.t, offer);
    return {
      code,
      link: referralLink(this.config, code),
      channelLinks: channels.map((channel) => ({ channel, link: channelLink(this.config, code, channel) })),
      shareText: [reader.t('share.text'), promise].filter(Boolean).join(' '),
      creditDays: days,
      usefulCreditDays: useful,
      creditWorth: referrerWorthText(reader.t, { days, useful }),
      friendCreditDays: offer.referredDays,
      activeCredits,
      daysOnAccount,
      counts,
      paused: offer.unavailable === 'paused',
      reward: rewardSentence(reader.t, offer),
      friendReward: promise || null,
      invitation,
    };
  }
}

/**
 * The link that says how it was shared. One that leads to another product stays as it is: we do not
 * see who opens it.
 */
export function channelLink(
  config: Pick<Config, 'linkTarget' | 'baseUrl'>,
  code: string,
  channel: Channel,
): string {
  const { linkTarget, baseUrl } = config;
  if (!linkTarget.startsWith(`${baseUrl}/`)) return referralLink(config, code);
  return channelTarget(linkTarget, channel).replace(anyCode, () => encodeURIComponent(code));
}

/** Stands for a code in an address: its name in braces would be encoded. */
const anyCode = 'ANY-CODE';
/** Made once: links of a channel with {@link anyCode}, by channel and target. */
const channelTargets = new Map<string, string>();

function channelTarget(linkTarget: string, channel: Channel): string {
  const key = `${channel} ${linkTarget}`;
  const known = channelTargets.get(key);
  if (known !== undefined) return known;
  const url = new URL(linkTarget.replace('{code}', anyCode));
  url.searchParams.set(channelParameter, channel);
  channelTargets.set(key, url.href);
  return url.href;
}

/** The link that a person shares. */
export function referralLink({ linkTarget }: Pick<Config, 'linkTarget'>, code: string): string {
  return linkTarget.replace('{code}', () => encodeURIComponent(code));
}
