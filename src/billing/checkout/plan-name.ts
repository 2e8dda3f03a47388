import type { Translate } from '../../platform/i18n/translations.js';
import type { PlanDto } from '../billing.dto.js';

/** The product with the nickname of this price, else with its interval. */
export function planName(
  t: Translate,
  {
    name,
    nickname,
    interval,
    intervalCount: count,
  }: Pick<PlanDto, 'name' | 'nickname' | 'interval' | 'intervalCount'>,
): string {
  if (nickname === name) return name;
  const variant = nickname ?? t(`pricing.interval.${interval}`, { count });
  return t('pricing.planName', { product: name, variant });
}
