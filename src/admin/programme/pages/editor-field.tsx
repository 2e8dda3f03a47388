import { useWords } from '../../../platform/pages/use-words.js';
import type { TermsInput, TermsTexts } from '../terms-form.js';

/** What all fields of the editor know: what stands in them and what is wrong with them. */
export interface FieldSource {
  texts: TermsTexts;
  errors: ReadonlyMap<string, string>;
}

/** One field of the editor with its label, hint and error. `kind` says how it is filled in. */
export function EditorField({
  name,
  of: { texts, errors },
  kind = 'number',
}: {
  name: TermsInput;
  of: FieldSource;
  kind?: 'number' | 'lines' | 'moment';
}) {
  const t = useWords();
  const id = idOf(name);
  const error = errors.get(name);
  const shared = {
    ...{ id, name },
    'aria-invalid': error === undefined ? undefined : ('true' as const),
    'aria-describedby': `${id}-hint${error === undefined ? '' : ` ${id}-error`}`,
  };
  return (
    <div class="field">
      <label for={id}>{t(`terms.input.${name}`)}</label>
      {kind === 'lines' ? (
        <textarea {...shared} rows={3} spellcheck={false}>
          {texts[name]}
        </textarea>
      ) : kind === 'moment' ? (
        <input {...shared} type="datetime-local" value={texts[name]} />
      ) : (
        <input {...shared} type="text" inputmode="numeric" autocomplete="off" value={texts[name]} />
      )}
      <FieldError id={id} error={error} />
      <p class="hint" id={`${id}-hint`}>
        {t(`terms.hint.${name}`)}
      </p>
    </div>
  );
}

/** Which link counts. */
export function AttributionField({ of: { texts, errors } }: { of: FieldSource }) {
  const t = useWords();
  const error = errors.get('attribution');
  const options = [
    ['first_touch', t('terms.value.firstTouch')],
    ['last_touch', t('terms.value.lastTouch')],
  ] as const;
  return (
    <div class="field">
      <label for="attribution">{t('terms.input.attribution')}</label>
      <select
        id="attribution"
        name="attribution"
        aria-invalid={error === undefined ? undefined : 'true'}
        aria-describedby="attribution-hint"
      >
        {options.map(([value, label]) => (
          <option key={value} value={value} selected={value === texts.attribution}>
            {label}
          </option>
        ))}
      </select>
      <FieldError id="attribution" error={error} />
      <p class="hint" id="attribution-hint">
        {t('terms.hint.attribution')}
      </p>
    </div>
  );
}

/** The id of a field on its page. */
export function idOf(name: string): string {
  return name.replace('.', '-');
}

function FieldError({ id, error }: { id: string; error: string | undefined }) {
  return error === undefined ? null : (
    <p class="field-error" id={`${id}-error`}>
      {error}
    </p>
  );
}
