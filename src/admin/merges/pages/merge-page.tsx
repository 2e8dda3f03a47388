import { Field, SubmitButton, Form } from '../../../platform/ui/form.js';
import { Layout } from '../../../platform/ui/layout.js';
import { Banner, ErrorBanner, Section } from '../../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { undoWindowDays, type MergePartyDto, type MergeDto } from '../../../accounts/index.js';
import { AdminNav } from '../../pages/admin-components.js';
import type { MergePageModel } from '../merge-page-loader.js';
import type { MergePreviewDto, MergeNoticeDto } from '../merge.dto.js';
import { ListSection, type ListColumn } from '../../lists/list-section.js';
import { DateTime } from '../../../platform/ui/date-time.js';

/**
 * Merges, and the form for one: it asks the same page with `from` and `into`, which then shows what
 * that would do.
 */
export function mergePage(model: MergePageModel): string {
  return renderPage(<MergePage model={model} />, model.viewer);
}

function MergePage({ model }: { model: MergePageModel }) {
  const t = useTranslate();
  return (
    <Layout
      title={t('merge.title')}
      viewer={model.viewer}
      width="wide"
      current="/admin/users"
      address={addressOf(model)}
    >
      <AdminNav current="merges" />
      <h1>{t('merge.title')}</h1>
      {model.notice ? <Banner tone="good">{t(`merge.done.${model.notice}`)}</Banner> : null}
      <ErrorBanner text={model.problem} />
      <p>{t('merge.intro', { days: undoWindowDays })}</p>
      <div class="stack">
        {model.mayChange ? <Accounts model={model} /> : null}
        {model.preview ? <PreviewSection model={model} preview={model.preview} /> : null}
        <Section id="merges" title={t('merge.nav')}>
          <Merges model={model} />
        </Section>
      </div>
    </Layout>
  );
}

/** The page with the accounts that were typed. */
function addressOf({ from, into }: MergePageModel): string | undefined {
  if (from === '' && into === '') return undefined;
  return `/admin/merges?${new URLSearchParams({ from, into }).toString()}`;
}

function Accounts({ model: { from, into } }: { model: MergePageModel }) {
  const t = useTranslate();
  return (
    <form method="get" action="/admin/merges" class="form">
      <Field
        id="from"
        name="from"
        label={t('merge.from')}
        hint={t('merge.fromHint')}
        value={from}
        maxlength={300}
        required
      />
      <Field
        id="into"
        name="into"
        label={t('merge.into')}
        hint={t('merge.intoHint')}
        value={into}
        maxlength={300}
        required
      />
      <SubmitButton>{t('merge.preview')}</SubmitButton>
    </form>
  );
}

/**
 * What a merge would do. Where nothing prevents it: posts `from`, `into`, `reason` and
 * `idempotencyKey` to /admin/merges.
 */
function PreviewSection({ model, preview }: { model: MergePageModel; preview: MergePreviewDto }) {
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
        maxlength={500}
        required
      />
      <SubmitButton tone="danger">{t('merge.confirm')}</SubmitButton>
    </Form>
  );
}

/** The list of merges. Posts `reason` to /admin/merges/{id}/undo where that is still possible. */
function Merges({ model }: { model: MergePageModel }) {
  const t = useTranslate();
  const columns: ListColumn<MergeDto>[] = [
    {
      head: t('merge.column.when'),
      sortBy: 'merged',
      cell: ({ mergedAt }) => <DateTime at={mergedAt} />,
    },
    {
      head: t('merge.column.accounts'),
      cell: ({ from, into, reason }) => (
        <>
          <Account account={from} /> → <Account account={into} />
          {reason ? <span class="hint block">{reason}</span> : null}
        </>
      ),
    },
    { head: t('merge.column.by'), kind: 'short', cell: ({ by }) => t(`console.audit.actor.${by}`) },
    { head: t('merge.column.state'), cell: (merge) => <State merge={merge} model={model} /> },
  ];
  return <ListSection view={model.list} columns={columns} keyOf={({ id }) => id} />;
}

function Account({ account: { userId, email } }: { account: MergePartyDto }) {
  const t = useTranslate();
  return <a href={`/admin/users/${userId}`}>{email ?? t('merge.erasedAccount')}</a>;
}

function State({ merge, model }: { merge: MergeDto; model: MergePageModel }) {
  const t = useTranslate();
  if (merge.undoneAt !== null)
    return (
      <>
        {t('merge.state.undone')} <DateTime at={merge.undoneAt} />
        {merge.undoneReason ? <span class="hint block">{merge.undoneReason}</span> : null}
      </>
    );
  if (merge.undoBlocker !== null)
    return (
      <>
        {t('merge.state.final')}
        <span class="hint block">{t(`merge.undoBlocker.${merge.undoBlocker}`)}</span>
      </>
    );
  return (
    <>
      {t('merge.state.undoableUntil')} <DateTime at={merge.undoableUntil} dateOnly />
      {model.mayChange ? <UndoForm merge={merge} model={model} /> : null}
    </>
  );
}

function UndoForm({ merge, model }: { merge: MergeDto; model: MergePageModel }) {
  const t = useTranslate();
  return (
    <Form action={`/admin/merges/${merge.id}/undo`} csrf={model.viewer.csrf}>
      <Field id={`undo-${merge.id}`} name="reason" label={t('merge.undoReason')} maxlength={500} required />
      <SubmitButton tone="danger">{t('merge.undo')}</SubmitButton>
    </Form>
  );
}
