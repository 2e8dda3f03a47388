import type { Translate } from '../../platform/i18n/translations.js';
import { rewardSentence, type InviteDto, type RewardModel } from '../../referral/index.js';

type SampleInvite = Pick<InviteDto, 'status' | 'rewardState' | 'daysEarned' | 'label'> & {
  why: string | null;
};

/** What the widget shows in each of its states, as the API would answer it in one language. */
export function sampleStates(t: Translate, reward: RewardModel): Record<string, unknown> {
  const referral = {
    code: 'ANNA-2026',
    link: 'https://app.example/?ref=ANNA-2026',
    daysOnAccount: 72,
    counts: { invited: 5 },
    paused: false,
    reward: rewardSentence(t, { ...reward, paused: false }),
  };
  const invites: SampleInvite[] = [
    { label: 'b•••@e•••.org', status: 'pending', rewardState: null, daysEarned: 0, why: null },
    { label: 'Carla', status: 'held', rewardState: 'held', daysEarned: 0, why: null },
    { label: 'd•••@e•••.org', status: 'converted', rewardState: 'granted', daysEarned: 45, why: null },
    {
      ...{ label: 'Emil', status: 'reversed', rewardState: 'suspended', daysEarned: 0 },
      why: t('rewardStatus.dispute_open.reason'),
    },
    {
      ...{ label: 'f•••@e•••.org', status: 'reversed', rewardState: 'reversed', daysEarned: 0 },
      why: t('rewardStatus.refunded.reason'),
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
        convertedAt: invite.status === 'pending' ? null : '2026-11-20T12:00:00.000Z',
        nextStep: t('invite.nextStep.held'),
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
