import type { Translate } from '../../../platform/i18n/translations.js';
import { formatMoney } from '../../../platform/money.js';
import type { WorthDto } from '../stats.dto.js';

/** What days are worth, in each currency; a dash where nothing is known. */
export function formatWorth(t: Translate, worth: Pick<WorthDto, 'money'>): string {
  if (worth.money.length === 0) return '—';
  return worth.money.map((own) => formatMoney(own, t.locale)).join(' · ');
}
