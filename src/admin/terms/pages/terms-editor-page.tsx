import type { Children } from '#jsx/jsx-runtime';
import { Form, SubmitButton } from '../../../platform/ui/form.js';
import { Banner } from '../../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { TermsLayout } from './terms-layout.js';
import type { TermsEditorModel } from '../terms-page-loader.js';
import { draftAddress, type TermsFormValues, type TermsTextField } from '../terms-form.js';
import { inputLabel, MinimumAmounts } from './minimum-amounts.js';

/** Terms to write. Posts its fields to /admin/programme/preview; nothing is published from here. */
export function termsEditorPage(model: TermsEditorModel): string {
  return renderPage(<Editor model={model} />, model.viewer);
}

function Editor({ model }: { model: TermsEditorModel }) {
  const { viewer, inForce, errors, values } = model;
  const t = useTranslate();
  const address = draftAddress('edit', values) ?? '/admin/programme/new';
  return (
    <TermsLayout title={t('terms.editor.title')} viewer={viewer} address={address}>
      <p>{t('terms.editor.intro', { version: inForce })}</p>
      {errors.size > 0 ? <Errors errors={errors} /> : null}
      <Form action="/admin/programme/preview" csrf={viewer.csrf}>
        <Reward of={model} />
        <Payment of={model} />
        <Invitation of={model} />
        <Limits of={model} />
        <Period of={model} />
        <div class="actions">
          <SubmitButton>{t('terms.editor.preview')}</SubmitButton>
          <SubmitButton tone="plain" name="addCurrency" value="1">
            {t('terms.minimum.addAnother')}
          </SubmitButton>
        </div>
        <p class="hint">{t('terms.editor.previewHint')}</p>
      </Form>
    </TermsLayout>
  );
}

function Errors({ errors }: Pick<TermsEditorModel, 'errors'>) {
  const t = useTranslate();
  return (
    <Banner tone="bad">
      <p>{t('terms.editor.invalidFields', { count: errors.size })}</p>
      <ul>
        {[...errors].map(([name, error]) => (
          <li key={name}>
            <a href={`#${fieldId(name)}`}>{inputLabel(t, name)}</a>: {error}
          </li>
        ))}
      </ul>
    </Banner>
  );
}

function Reward({ of }: { of: EditorFields }) {
  return (
    <Group name="reward">
      <div class="field-pair">
        <EditorField name="referrerDays" of={of} />
        <EditorField name="referredDays" of={of} />
      </div>
      <EditorField name="holdDays" of={of} />
    </Group>
  );
}

function Payment({ of }: { of: EditorFields }) {
  return (
    <Group name="payment">
      <MinimumAmounts of={of} />
      <EditorField name="qualifyingPrices" of={of} kind="lines" />
      <EditorField name="refundPercent" of={of} />
    </Group>
  );
}

function Invitation({ of }: { of: EditorFields }) {
  return (
    <Group name="invitation">
      <AttributionField of={of} />
      <div class="field-pair">
        <EditorField name="attributionDays" of={of} />
        <EditorField name="lateClaimDays" of={of} />
      </div>
    </Group>
  );
}

function Limits({ of }: { of: EditorFields }) {
  return (
    <Group name="limits">
      <div class="field-pair">
        <EditorField name="cap.conversions" of={of} />
        <EditorField name="cap.windowDays" of={of} />
      </div>
      <EditorField name="budgetDays" of={of} />
      <div class="field-pair">
        <EditorField name="milestone.every" of={of} />
        <EditorField name="milestone.days" of={of} />
      </div>
    </Group>
  );
}

function Period({ of }: { of: EditorFields }) {
  return (
    <Group name="period">
      <div class="field-pair">
        <EditorField name="validFrom" of={of} kind="moment" />
        <EditorField name="validUntil" of={of} kind="moment" />
      </div>
    </Group>
  );
}

function Group({ name, children }: { name: string; children: Children }) {
  const t = useTranslate();
  return (
    <fieldset class="card field-group">
      <legend>{t(`terms.group.${name}`)}</legend>
      {children}
    </fieldset>
  );
}

/** What all fields of the editor share: their values and problems. */
export interface EditorFields {
  values: TermsFormValues;
  errors: ReadonlyMap<string, string>;
}

/** One field of the editor with its label, hint and error. `kind` says how it is filled in. */
export function EditorField({
  name,
  of: { values, errors },
  kind = 'number',
}: {
  name: TermsTextField;
  of: EditorFields;
  kind?: 'number' | 'lines' | 'moment';
}) {
  const t = useTranslate();
  const id = fieldId(name);
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
          {values[name]}
        </textarea>
      ) : kind === 'moment' ? (
        <input {...shared} type="datetime-local" value={values[name]} />
      ) : (
        <input {...shared} type="text" inputmode="numeric" autocomplete="off" value={values[name]} />
      )}
      <FieldError id={id} error={error} />
      <p class="hint" id={`${id}-hint`}>
        {t(`terms.hint.${name}`)}
      </p>
    </div>
  );
}

/** Which link counts. */
export function AttributionField({ of: { values, errors } }: { of: EditorFields }) {
  const t = useTranslate();
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
          <option key={value} value={value} selected={value === values.attribution}>
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
export function fieldId(name: string): string {
  return name.replace('.', '-');
}

function FieldError({ id, error }: { id: string; error: string | undefined }) {
  return error === undefined ? null : (
    <p class="field-error" id={`${id}-error`}>
      {error}
    </p>
  );
}
