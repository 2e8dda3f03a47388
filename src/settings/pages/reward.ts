import { daysOfAccess, plural } from '../../platform/pages/words.js';

/** What terms give, in whole days; how long the reward waits after the payment; and whether the programme is paused. */
export interface RewardModel {
  referrerDays: number;
  referredDays: number;
  holdDays: number;
  paused: boolean;
}

/** The reward in one sentence. */
export function rewardSentence(reward: RewardModel): string {
  const when = reward.holdDays === 0 ? '' : `, ${plural(reward.holdDays, 'day')} later`;
  return `When a friend you invited pays for the first time, ${whoGets(reward)}${when}.`;
}

/** Who gets how much: "you both get 45 days of paid access". One side may get nothing. */
export function whoGets({ referrerDays, referredDays }: RewardModel): string {
  if (referredDays === 0) return `you get ${daysOfAccess(referrerDays)}`;
  if (referrerDays === 0) return `they get ${daysOfAccess(referredDays)}`;
  return referrerDays === referredDays
    ? `you both get ${daysOfAccess(referrerDays)}`
    : `you get ${daysOfAccess(referrerDays)} and they get ${daysOfAccess(referredDays)}`;
}
