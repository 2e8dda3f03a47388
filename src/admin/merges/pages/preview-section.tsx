import { Field, Form, SubmitButton } from '../../../platform/ui/form.js';
import { Banner, Section } from '../../../platform/ui/components.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import type { MergePageModel } from '../merge-page-loader.js';
import type { MergePreviewDto, MergeNoticeDto } from '../merge-preview.dto.js';

/** What a merge would do. Where nothing stands against it: posts `from`, `into`, `reason` and `idempotencyKey` to /admin/merges. */
export function PreviewSection({ model, preview }: { model: MergePageModel; preview: MergePreviewDto }) {
  const t = useTranslate();
  const { from, into, possible } = preview;
  return (
    <Section id="preview" title={t('merge.effectsTitle')}>
      <p>
        <strong>{t('merge.fromInto', { from: from.email, into: into.email })}</strong>{' '}
        <a href={`/admin/merges?${new URLSearchParams({ from: into.userId, into: from.userId }).toString()}`}>
          {t('merge.swap')}
        </a>
      </p>
      {possible ? <Sentences said={preview.effects} /> : <Conflicts preview={preview} />}
      {possible ? <MergeForm model={model} preview={preview} /> : null}
    </Section>
  );
}

function Sentences({ said }: { said: MergeNoticeDto[] }) {
  return (
    <ul class="stack">
      {said.map(({ code, message }) => (
        <li key={code}>{message}</li>
      ))}
    </ul>
  );
}

function Conflicts({ preview }: { preview: MergePreviewDto }) {
  const t = useTranslate();
  return (
    <Banner tone="warn">
      <p>{t('merge.conflictsTitle')}</p>
      <Sentences said={preview.conflicts} />
    </Banner>
  );
}

function MergeForm({
  model: { viewer, idempotencyKey },
  preview,
}: {
  model: MergePageModel;
  preview: MergePreviewDto;
}) {
  const t = useTranslate();
  return (
    <Form action="/admin/merges" csrf={viewer.csrf}>
      <input type="hidden" name="idempotencyKey" value={idempotencyKey} />
      <input type="hidden" name="from" value={preview.from.userId} />
      <input type="hidden" name="into" value={preview.into.userId} />
      <Field
        id="reason"
        name="reason"
        label={t('merge.reason')}
        hint={t('merge.reasonHint')}
        maxLength={500}
        required
      />
      <SubmitButton tone="danger">{t('merge.confirm')}</SubmitButton>
    </Form>
  );
}
