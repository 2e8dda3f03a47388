import {
  endOfPeriod,
  usefulDaysAfterPayment,
  type BillingPeriod,
  type CurrentAccess,
} from '../../credit/index.js';
import type { Translate } from '../../platform/i18n/translations.js';
import { firstUnmet } from '../terms/payment-requirement.js';
import type { Terms } from '../terms/terms.js';

/**
 * A price that people can pay. `unitAmount`: in the minor unit; null where it is not a flat one.
 */
export interface OfferedPlan extends BillingPeriod {
  priceId: string;
  currency: string;
  unitAmount: number | null;
}

/** What decides how many of the days that a person is promised are useful to them. */
export interface WorthFacts {
  access: CurrentAccess;
  plans: readonly OfferedPlan[];
}

/** How many promised days are useful with the plans of one period, see usefulDaysOf of credit. */
export interface UsefulDays extends BillingPeriod {
  priceIds: string[];
  days: number;
}

/**
 * What promised days are worth. `usefulDays` are those with each period on offer, shortest first.
 */
export interface RewardWorth {
  delivery: CurrentAccess['delivery'];
  days: number;
  usefulDays: UsefulDays[];
}

/** What the friend's days of these terms are worth, with each plan that pays enough for them. */
export function rewardWorth(terms: Terms, { access, plans }: WorthFacts): RewardWorth {
  const { referredDays: days, holdDays } = terms;
  const counting = plans.filter((plan) => meetsTerms(plan, terms));
  const byEnd = Map.groupBy(counting, (plan) => endOfPeriod(access.now, plan).getTime());
  const usefulDays = [...byEnd]
    .sort(([one], [other]) => one - other)
    .flatMap(([, samePeriod]) => {
      const [first] = samePeriod;
      if (first === undefined) return [];
      const { interval, intervalCount } = first;
      const useful = usefulDaysAfterPayment({ days, holdDays }, access, first);
      return [{ interval, intervalCount, priceIds: samePeriod.map(({ priceId }) => priceId), days: useful }];
    });
  return { delivery: access.delivery, days, usefulDays };
}

function meetsTerms({ priceId, currency, unitAmount }: OfferedPlan, terms: Terms): boolean {
  const { qualifyingPrices } = terms;
  const priceCounts = qualifyingPrices.length === 0 || qualifyingPrices.includes(priceId);
  return firstUnmet(terms, { amount: unitAmount ?? Infinity, currency, priceCounts }) === null;
}

/** What promised days are worth, in words. */
export function worthText(t: Translate, { delivery, days, usefulDays }: RewardWorth): string {
  if (delivery !== 'overlay') return t(`notice.worth.${delivery}`, { days });
  const [first] = usefulDays;
  if (first === undefined) return t('notice.worth.overlayUnknown', { days });
  if (usefulDays.every((own) => own.days === first.days))
    return t('notice.worth.overlay', { days, useful: first.days });
  const plans = usefulDays.map(({ interval, intervalCount: count, days: useful }) =>
    t('notice.worth.withPlan', { useful, interval: t(`pricing.interval.${interval}`, { count }) }),
  );
  return t('notice.worth.overlayByPlan', { days, plans: new Intl.ListFormat(t.locale).format(plans) });
}

/** What a referrer is shown of days that run while they pay; null where all are useful. */
export function referrerWorthText(
  t: Translate,
  { days, useful }: Record<'days' | 'useful', number>,
): string | null {
  return useful < days ? t('notice.worth.referrer', { days, useful }) : null;
}
