import type { Words } from '../../platform/locale/words.js';

/** What terms give, in whole days; how long the reward waits after the payment; and whether the programme is paused. */
export interface RewardModel {
  referrerDays: number;
  referredDays: number;
  holdDays: number;
  paused: boolean;
}

/** The reward in one sentence. */
export function rewardSentence(t: Words, reward: RewardModel): string {
  return t('reward.sentence', { whoGets: whoGets(t, reward), holdDays: reward.holdDays });
}

/** Who gets how much: "you both get 45 days of paid access". One side may get nothing. */
export function whoGets(t: Words, { referrerDays: mine, referredDays: theirs }: RewardModel): string {
  const key = theirs === 0 ? 'mine' : mine === 0 ? 'theirs' : mine === theirs ? 'both' : 'each';
  return t(`reward.${key}`, { mine, theirs });
}
