import { moneyExample } from '../money-problem-text.js';
import { useTranslate } from './render-page.js';

/**
 * A field for an amount in units of `currency`, which parseMoney reads. `value` is what was typed,
 * `error` why it is no amount.
 */
export interface MoneyFieldProps {
  id: string;
  name: string;
  label: string;
  currency: string;
  value?: string;
  error?: string | null;
  hint?: string;
}

/** The field, with the currency in front of what one types. */
export function MoneyField({ id, name, label, currency, value = '', error = null, hint }: MoneyFieldProps) {
  const t = useTranslate();
  const ids = { hint: `${id}-hint`, error: `${id}-error` };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <span class="money">
        <span class="money-currency" aria-hidden="true">
          {currency.toUpperCase()}
        </span>
        <input
          {...{ id, name, value }}
          type="text"
          inputmode="decimal"
          autocomplete="off"
          maxlength={40}
          aria-invalid={error === null ? undefined : 'true'}
          aria-describedby={error === null ? ids.hint : `${ids.error} ${ids.hint}`}
        />
      </span>
      {error === null ? null : (
        <p class="field-error" id={ids.error}>
          {error}
        </p>
      )}
      <p class="hint" id={ids.hint}>
        {t('money.hint', { currency: currency.toUpperCase(), example: moneyExample(t, currency) })} {hint}
      </p>
    </div>
  );
}
