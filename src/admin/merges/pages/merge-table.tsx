import type { MergePartyDto, MergeDto } from '../../../accounts/index.js';
import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { Field, Form, SubmitButton } from '../../../platform/ui/form.js';
import { defaultReader, DateTime } from '../../../platform/ui/date-time.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import type { MergePageModel } from '../merge-page-loader.js';

/** Merges, newest first. Posts `reason` to /admin/merges/{id}/undo where that is still possible. */
export function MergeTable({ model }: { model: MergePageModel }) {
  const t = useTranslate();
  const columns: Column<MergeDto>[] = [
    {
      head: t('merge.column.when'),
      cell: ({ mergedAt }) => <DateTime at={mergedAt} readerSettings={readerFor(model)} />,
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
    { head: t('merge.column.by'), kind: 'short', cell: ({ by }) => by },
    { head: t('merge.column.state'), cell: (merge) => <State merge={merge} model={model} /> },
  ];
  return (
    <DataTable caption={t('merge.caption')} columns={columns} rows={model.merges} keyOf={({ id }) => id} />
  );
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
        {t('merge.state.undone')} <DateTime at={merge.undoneAt} readerSettings={readerFor(model)} />
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
      {t('merge.state.undoableUntil')}{' '}
      <DateTime at={merge.undoableUntil} readerSettings={readerFor(model)} dateOnly />
      {model.mayChange ? <UndoForm merge={merge} model={model} /> : null}
    </>
  );
}

function UndoForm({ merge, model }: { merge: MergeDto; model: MergePageModel }) {
  const t = useTranslate();
  return (
    <Form action={`/admin/merges/${merge.id}/undo`} csrf={model.viewer.csrf}>
      <Field id={`undo-${merge.id}`} name="reason" label={t('merge.undoReason')} maxLength={500} required />
      <SubmitButton tone="danger">{t('merge.undo')}</SubmitButton>
    </Form>
  );
}

function readerFor({ locale }: MergePageModel) {
  return { ...defaultReader, locale: locale === 'en' ? defaultReader.locale : locale };
}
