import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { InviteNames } from '../invites/invite-names.js';
import { InvitesRepository } from '../invites/invites.repository.js';
import { ProgrammeTerms } from '../terms/programme-terms.js';
import { toTerms, type Terms } from '../terms/terms.js';
import type { RewardNoticeDto } from '../invites/invite.dto.js';
import { toNoticeDto, type NoticeReader } from './notice-text.js';
import { rewardNotice, type RewardFacts } from './reward-notice.js';
import { beforeAnyCredit, type RewardAtEvent } from './reward-notices.js';
import type { ReversedPayment } from './status-texts.js';

/** A referral in an example: whose side, and what happened to it. */
interface ExampleSubject {
  side: RewardFacts['side'];
  conversion?: RewardAtEvent | null | undefined;
  decision: RewardFacts['review']['decision'];
}

/** Where the terms give a side nothing, so that there is something to show. */
const exampleDays = { reward: 45, hold: 14 };
const exampleMilestone = { every: 5, days: 10 };

/** A referral for examples of what people read. */
@Injectable()
export class NewestReferral {
  constructor(
    private readonly invites: InvitesRepository,
    private readonly names: InviteNames,
    private readonly programmeTerms: ProgrammeTerms,
    private readonly clock: Clock,
  ) {}

  /**
   * The people and the terms of the newest referral there is, else made-up people under the current
   * terms; with what one side of it is shown in any state.
   */
  async find() {
    const row = await this.invites.findNewest();
    const payment = paidAndReversed(this.clock.now());
    const terms = withRewards(row === null ? await this.programmeTerms.current() : toTerms(row));
    const [friendName, inviterName] =
      row === null || row.referrer_id === null
        ? [null, 'Anna']
        : await Promise.all([
            this.names.findFriendName(row.referrer_id, row.referred_id),
            this.names.findInviterName(row.referred_id),
          ]);
    return {
      friendName: friendName ?? 'Bert',
      inviterName,
      referrerDays: terms.referrerDays,
      referredDays: terms.referredDays,
      holdDays: terms.holdDays || exampleDays.hold,
      milestone: terms.milestone ?? exampleMilestone,
      notice: (subject: ExampleSubject, reader: NoticeReader) => notice({ terms, payment }, subject, reader),
    };
  }
}

function withRewards(terms: Terms): Terms {
  const { referrerDays, referredDays } = terms;
  return {
    ...terms,
    referrerDays: referrerDays || exampleDays.reward,
    referredDays: referredDays || exampleDays.reward,
  };
}

/** A payment of this moment that is refunded and disputed. */
function paidAndReversed(at: Date): ReversedPayment {
  const reversal = { amount: 1_900, times: 1, at };
  return {
    ...{ amountPaid: 1_900, currency: 'usd', paidAt: at },
    reversals: { refunded: reversal, dispute_open: reversal },
  };
}

function notice(
  { terms, payment }: { terms: Terms; payment: ReversedPayment },
  subject: ExampleSubject,
  reader: NoticeReader,
): RewardNoticeDto {
  const { side, decision, conversion: reported = null } = subject;
  const review = { outcome: decision === null ? null : ('review' as const), decision };
  const open = { hasReferrer: true, isClosed: false, isRewardedElsewhere: false };
  const wasCredited = reported?.wasCredited === true;
  const conversion = reported && {
    ...reported,
    creditedAt: wasCredited ? payment.paidAt : null,
    payment,
  };
  const earned = wasCredited ? { days: 0, isGranted: false } : undefined;
  return toNoticeDto(
    reader,
    rewardNotice({ ...beforeAnyCredit, ...open, side, terms, review, conversion, earned }),
  );
}
