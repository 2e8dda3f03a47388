import type { Translate } from '../../platform/i18n/translations.js';
import {
  requirementText,
  rewardSentence,
  type InviteDto,
  type RewardModel,
  type RewardNoticeDto,
} from '../../referral/index.js';

type SampleInvite = Pick<InviteDto, 'daysEarned' | 'label'> & {
  reward: Pick<RewardNoticeDto, 'status' | 'text' | 'why' | 'next'>;
};

/** What the widget shows in each of its states, as the API would answer it in one language. */
export function sampleStates(t: Translate, reward: RewardModel): Record<string, unknown> {
  const referral = {
    code: 'ANNA-2026',
    link: 'https://app.example/?ref=ANNA-2026',
    daysOnAccount: 72,
    counts: { invited: 5 },
    paused: false,
    reward: rewardSentence(t, reward),
  };
  const days = reward.referrerDays;
  const date = new Intl.DateTimeFormat(t.locale, { dateStyle: 'medium' }).format(new Date('2026-12-04'));
  const promised = { days, holdDays: reward.holdDays, side: 'referrer', reviewed: 'no' };
  const promisedText = [t('notice.promised', promised), requirementText(t, reward)].filter(Boolean).join(' ');
  const sample = (status: RewardNoticeDto['status'], text: string, why: string | null = null) => ({
    ...{ status, text, why, next: null },
  });
  const invites: SampleInvite[] = [
    { label: 'b•••@e•••.org', daysEarned: 0, reward: sample('promised', promisedText) },
    {
      ...{ label: 'Carla', daysEarned: 0 },
      reward: sample('held', t('notice.held', { days, date, hasDate: 'yes' })),
    },
    {
      ...{ label: 'd•••@e•••.org', daysEarned: days },
      reward: sample('credited', t('notice.credited', { days, date })),
    },
    {
      ...{ label: 'Emil', daysEarned: 0 },
      reward: sample('suspended', t('notice.suspended'), t('rewardStatus.dispute_open.reason')),
    },
    {
      ...{ label: 'f•••@e•••.org', daysEarned: 0 },
      reward: sample('taken_back', t('notice.takenBack'), t('rewardStatus.refunded.reason')),
    },
  ];
  const ready = {
    referral,
    credit: { until: '2027-02-10T12:00:00.000Z' },
    invites: {
      nextCursor: null,
      items: invites.map((invite, index) => ({
        ...invite,
        id: String(index),
        invitedAt: '2026-11-01T12:00:00.000Z',
        convertedAt: invite.reward.status === 'promised' ? null : '2026-11-20T12:00:00.000Z',
      })),
    },
  };
  return {
    ready,
    empty: {
      referral: { ...referral, daysOnAccount: 0, counts: { invited: 0 } },
      credit: { until: null },
      invites: { items: [], nextCursor: null },
    },
    paused: { ...ready, referral: { ...referral, paused: true, reward: t('share.paused') } },
    loading: 'loading',
    failed: 'failed',
  };
}
