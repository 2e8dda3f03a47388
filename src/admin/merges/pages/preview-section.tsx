import { Field, Form, SubmitButton } from '../../../platform/pages/form.js';
import { Banner, Section } from '../../../platform/pages/parts.js';
import { useWords } from '../../../platform/pages/use-words.js';
import type { MergePageModel } from '../merge-models.js';
import type { PreviewView, Said } from '../preview-view.js';

/** What a merge would do. Where nothing stands against it: posts `from`, `into`, `reason` and `idempotencyKey` to /admin/merges. */
export function PreviewSection({ model, preview }: { model: MergePageModel; preview: PreviewView }) {
  const t = useWords();
  const { from, into, possible } = preview;
  return (
    <Section id="preview" title={t('merge.wouldHappen')}>
      <p>
        <strong>{t('merge.arrow', { from: from.email, into: into.email })}</strong>{' '}
        <a href={`/admin/merges?${new URLSearchParams({ from: into.userId, into: from.userId }).toString()}`}>
          {t('merge.swap')}
        </a>
      </p>
      {possible ? <Sentences said={preview.effects} /> : <Conflicts preview={preview} />}
      {possible ? <MergeForm model={model} preview={preview} /> : null}
    </Section>
  );
}

function Sentences({ said }: { said: Said[] }) {
  return (
    <ul class="stack">
      {said.map(({ code, message }) => (
        <li key={code}>{message}</li>
      ))}
    </ul>
  );
}

function Conflicts({ preview }: { preview: PreviewView }) {
  const t = useWords();
  return (
    <Banner tone="warn">
      <p>{t('merge.stopped')}</p>
      <Sentences said={preview.conflicts} />
    </Banner>
  );
}

function MergeForm({ model: { viewer, formKey }, preview }: { model: MergePageModel; preview: PreviewView }) {
  const t = useWords();
  return (
    <Form action="/admin/merges" csrf={viewer.csrf}>
      <input type="hidden" name="idempotencyKey" value={formKey} />
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
      <SubmitButton tone="danger">{t('merge.merge')}</SubmitButton>
    </Form>
  );
}
