import type { ComponentChildren } from 'preact';
import { Form, SubmitButton } from '../../../platform/pages/form.js';
import { Banner } from '../../../platform/pages/parts.js';
import { renderPage } from '../../../platform/pages/render-page.js';
import { useWords } from '../../../platform/pages/use-words.js';
import { AttributionField, EditorField, idOf, type FieldSource } from './editor-field.js';
import { TermsLayout } from './terms-layout.js';
import type { TermsEditorModel } from './terms-models.js';

/** Terms to write. Posts its fields to /admin/programme/preview; nothing is published from here. */
export function termsEditorPage(model: TermsEditorModel, locale: string): string {
  return renderPage(<Editor model={model} />, locale);
}

function Editor({ model }: { model: TermsEditorModel }) {
  const { viewer, inForce, errors } = model;
  const t = useWords();
  return (
    <TermsLayout title={t('terms.editor.title')} viewer={viewer}>
      <p>{t('terms.editor.lead', { version: inForce })}</p>
      {errors.size > 0 ? <Errors errors={errors} /> : null}
      <Form action="/admin/programme/preview" csrf={viewer.csrf}>
        <Reward of={model} />
        <Payment of={model} />
        <Invitation of={model} />
        <Limits of={model} />
        <Period of={model} />
        <SubmitButton>{t('terms.editor.preview')}</SubmitButton>
        <p class="hint">{t('terms.editor.previewHint')}</p>
      </Form>
    </TermsLayout>
  );
}

function Errors({ errors }: Pick<TermsEditorModel, 'errors'>) {
  const t = useWords();
  return (
    <Banner tone="bad">
      <p>{t('terms.editor.wrong', { count: errors.size })}</p>
      <ul>
        {[...errors].map(([name, error]) => (
          <li key={name}>
            <a href={`#${idOf(name)}`}>{t(`terms.input.${name}`)}</a>: {error}
          </li>
        ))}
      </ul>
    </Banner>
  );
}

function Reward({ of }: { of: FieldSource }) {
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

function Payment({ of }: { of: FieldSource }) {
  return (
    <Group name="payment">
      <EditorField name="minimumAmounts" of={of} kind="lines" />
      <EditorField name="qualifyingPrices" of={of} kind="lines" />
      <EditorField name="refundPercent" of={of} />
    </Group>
  );
}

function Invitation({ of }: { of: FieldSource }) {
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

function Limits({ of }: { of: FieldSource }) {
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

function Period({ of }: { of: FieldSource }) {
  return (
    <Group name="period">
      <div class="field-pair">
        <EditorField name="validFrom" of={of} kind="moment" />
        <EditorField name="validUntil" of={of} kind="moment" />
      </div>
    </Group>
  );
}

function Group({ name, children }: { name: string; children: ComponentChildren }) {
  const t = useWords();
  return (
    <fieldset class="card field-group">
      <legend>{t(`terms.group.${name}`)}</legend>
      {children}
    </fieldset>
  );
}
