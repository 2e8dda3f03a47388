import { daysOfAccess } from '../../platform/pages/words.js';

/** What the terms in force give, in whole days, and whether the programme is paused. */
export interface RewardModel {
  referrerDays: number;
  referredDays: number;
  paused: boolean;
}

/** The reward in one sentence. */
export function rewardSentence({ referrerDays, referredDays }: RewardModel): string {
  return referrerDays === referredDays
    ? `When a friend you invited pays for the first time, you both get ${daysOfAccess(referrerDays)}.`
    : `When a friend you invited pays for the first time, you get ${daysOfAccess(referrerDays)} and they get ${daysOfAccess(referredDays)}.`;
}
