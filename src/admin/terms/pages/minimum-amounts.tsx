import type { Translate } from '../../../platform/i18n/translations.js';
import { MoneyField } from '../../../platform/ui/money-field.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import type { TermsEditorModel } from '../terms-page-loader.js';
import type { MinimumAmountValues } from '../terms-form.js';

/** The least payment that counts: a row for each currency, and an empty one for one more. */
export function MinimumAmounts({
  of: { values, errors },
}: {
  of: Pick<TermsEditorModel, 'values' | 'errors'>;
}) {
  const t = useTranslate();
  return (
    <fieldset class="field-group" aria-describedby="minimumAmounts-hint">
      <legend>{t('terms.input.minimumAmounts')}</legend>
      <p class="hint" id="minimumAmounts-hint">
        {t('terms.hint.minimumAmounts')}
      </p>
      {values.minimumAmounts.map(({ currency, amount }) => (
        <MoneyField
          key={currency}
          id={`minimumAmounts-${currency}`}
          name={`minimumAmounts.${currency}`}
          label={t('terms.minimum.inCurrency', { currency: currency.toUpperCase() })}
          currency={currency}
          value={amount}
          error={errors.get(`minimumAmounts.${currency}`) ?? null}
        />
      ))}
      <NewMinimum values={values.newMinimum} error={errors.get('newMinimum')} />
    </fieldset>
  );
}

function NewMinimum({ values, error }: { values: MinimumAmountValues; error: string | undefined }) {
  const t = useTranslate();
  const isWrong = error !== undefined;
  const shared = {
    ...{ type: 'text' as const, autocomplete: 'off' as const, spellcheck: false },
    'aria-invalid': isWrong ? ('true' as const) : undefined,
    'aria-describedby': `newMinimum-hint${isWrong ? ' newMinimum-error' : ''}`,
  };
  return (
    <div class="field">
      <div class="field-pair">
        <div class="field">
          <label for="newMinimum">{t('terms.minimum.another')}</label>
          <input
            {...shared}
            id="newMinimum"
            name="newMinimum.currency"
            maxlength={3}
            value={values.currency.toUpperCase()}
          />
        </div>
        <div class="field">
          <label for="newMinimum-amount">{t('terms.minimum.anotherAmount')}</label>
          <input
            {...shared}
            id="newMinimum-amount"
            name="newMinimum.amount"
            inputmode="decimal"
            maxlength={40}
            value={values.amount}
          />
        </div>
      </div>
      {isWrong ? (
        <p class="field-error" id="newMinimum-error">
          {error}
        </p>
      ) : null}
      <p class="hint" id="newMinimum-hint">
        {t('terms.minimum.anotherHint')}
      </p>
    </div>
  );
}

/** What the field of an error is called. */
export function inputLabel(t: Translate, name: string): string {
  if (name === 'newMinimum') return t('terms.minimum.another');
  const [field = '', currency = ''] = name.split('.');
  return field === 'minimumAmounts'
    ? t('terms.minimum.inCurrency', { currency: currency.toUpperCase() })
    : t(`terms.input.${name}`);
}
