import { useTranslate } from '../../../platform/ui/render-page.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { formatMoney } from '../../../platform/money.js';
import type { WorthDto } from '../stats.dto.js';

/** What days are worth, each currency on a line of its own; a dash where nothing is known. */
export function Worth({ worth: { money } }: { worth: Pick<WorthDto, 'money'> }) {
  const t = useTranslate();
  if (money.length === 0) return <>—</>;
  return (
    <>
      {money.map((own) => (
        <span key={own.currency} class="block">
          {formatMoney(own, t.locale)}
        </span>
      ))}
    </>
  );
}

/** The same in a sentence. */
export function formatWorth(t: Translate, { money }: Pick<WorthDto, 'money'>): string {
  return money.map((own) => formatMoney(own, t.locale)).join(' · ');
}
