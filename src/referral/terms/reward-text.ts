import type { Translate } from '../../platform/i18n/translations.js';
import type { Cap, Terms } from './terms.js';
import { fieldText } from './terms-fields.js';

/**
 * What an invitation that is made now brings: whole days for each side, 0 where it gets none; how
 * long the reward waits after the payment; and which payments count (empty: any).
 */
export interface RewardModel {
  referrerDays: number;
  referredDays: number;
  holdDays: number;
  minimumAmounts: Readonly<Record<string, number>>;
  qualifyingPrices: readonly string[];
  /** Why neither side gets days now. */
  unavailable: 'paused' | 'exhausted' | null;
  /** The cap that the referrer has reached. */
  reachedCap: Cap | null;
}

/** The reward in words: who gets what and when, or why neither side does. */
export function rewardSentence(t: Translate, reward: RewardModel): string {
  if (reward.unavailable !== null) return t(unavailableKeys[reward.unavailable]);
  const sentence =
    reward.reachedCap === null
      ? t('reward.sentence', { whoGets: rewardSplit(t, reward), holdDays: reward.holdDays })
      : t('reward.capped', {
          places: reward.reachedCap.conversions,
          windowDays: reward.reachedCap.windowDays ?? 0,
          theirs: reward.referredDays,
        });
  return [sentence, requirementText(t, reward)].filter(Boolean).join(' ');
}

/**
 * What a person who is invited now is promised, and which payment counts; empty where they get no
 * days.
 */
export function friendPromise(t: Translate, reward: RewardModel): string {
  const { referredDays: days, holdDays } = reward;
  if (days === 0) return '';
  return [t('reward.friend', { days, holdDays }), requirementText(t, reward)].filter(Boolean).join(' ');
}

/** What a person who is invited now is promised, or why invitations bring nothing; else empty. */
export function friendSentence(t: Translate, reward: RewardModel): string {
  return reward.unavailable === null
    ? friendPromise(t, reward)
    : t(`reward.friendUnavailable.${reward.unavailable}`);
}

const unavailableKeys = { paused: 'share.paused', exhausted: 'reward.exhausted' };

/** Which payments count, where not every one does; else empty. */
export function requirementText(
  t: Translate,
  { minimumAmounts, qualifyingPrices }: Pick<Terms, 'minimumAmounts' | 'qualifyingPrices'>,
): string {
  const hasMinimum = Object.keys(minimumAmounts).length > 0;
  return [
    ...(hasMinimum ? [t('reward.minimum', { amounts: fieldText(t, 'minimumAmounts', minimumAmounts) })] : []),
    ...(qualifyingPrices.length > 0 ? [t('reward.certainPlans')] : []),
  ].join(' ');
}

/** Which side is rewarded; null: neither. */
export function rewardedSides({
  referrerDays,
  referredDays,
}: Pick<RewardModel, 'referrerDays' | 'referredDays'>): 'both' | 'onlyReferrer' | 'onlyReferred' | null {
  if (referredDays === 0 && referrerDays === 0) return null;
  if (referredDays === 0) return 'onlyReferrer';
  return referrerDays === 0 ? 'onlyReferred' : 'both';
}

/**
 * Who gets how much: "you both get 45 days of paid access". One side may get nothing; empty where
 * both do.
 */
export function rewardSplit(
  t: Translate,
  reward: Pick<RewardModel, 'referrerDays' | 'referredDays'>,
): string {
  const { referrerDays: mine, referredDays: theirs } = reward;
  const sides = rewardedSides(reward);
  if (sides === null) return '';
  const key = sides === 'both' ? (mine === theirs ? 'bothSame' : 'bothDifferent') : sides;
  return t(`reward.${key}`, { mine, theirs });
}
