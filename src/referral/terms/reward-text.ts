import type { Translate } from '../../platform/i18n/translations.js';
import { fieldText } from './terms-fields.js';

/**
 * What terms give, in whole days; how long the reward waits after the payment; the least payment
 * that counts, by currency (empty: any); and whether the programme is paused.
 */
export interface RewardModel {
  referrerDays: number;
  referredDays: number;
  holdDays: number;
  minimumAmounts?: Readonly<Record<string, number>>;
  paused: boolean;
}

/** The reward in one sentence. */
export function rewardSentence(t: Translate, reward: RewardModel): string {
  const sentence = t('reward.sentence', { whoGets: rewardSplit(t, reward), holdDays: reward.holdDays });
  return [sentence, minimumPaymentSentence(t, reward)].join(' ').trim();
}

/** Which payment counts, where not any does; else empty. */
export function minimumPaymentSentence(t: Translate, { minimumAmounts = {} }: RewardModel): string {
  if (Object.keys(minimumAmounts).length === 0) return '';
  return t('reward.minimum', { amounts: fieldText(t, 'minimumAmounts', minimumAmounts) });
}

/** Who gets how much: "you both get 45 days of paid access". One side may get nothing. */
export function rewardSplit(t: Translate, { referrerDays: mine, referredDays: theirs }: RewardModel): string {
  const key =
    theirs === 0
      ? 'onlyReferrer'
      : mine === 0
        ? 'onlyReferred'
        : mine === theirs
          ? 'bothSame'
          : 'bothDifferent';
  return t(`reward.${key}`, { mine, theirs });
}
