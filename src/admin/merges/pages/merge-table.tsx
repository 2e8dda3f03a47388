import type { MergedAccount, MergeView } from '../../../life/index.js';
import { DataTable, type Column } from '../../../platform/pages/data-table.js';
import { Field, Form, SubmitButton } from '../../../platform/pages/form.js';
import { anybody, Moment } from '../../../platform/pages/moment.js';
import { useWords } from '../../../platform/pages/use-words.js';
import type { MergePageModel } from '../merge-models.js';

/** Merges, newest first. Posts `reason` to /admin/merges/{id}/undo where that is still possible. */
export function MergeTable({ model }: { model: MergePageModel }) {
  const t = useWords();
  const columns: Column<MergeView>[] = [
    {
      head: t('merge.column.when'),
      cell: ({ mergedAt }) => <Moment at={new Date(mergedAt)} reader={readerOf(model)} />,
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

function Account({ account: { userId, email } }: { account: MergedAccount }) {
  const t = useWords();
  return <a href={`/admin/users/${userId}`}>{email ?? t('merge.gone')}</a>;
}

function State({ merge, model }: { merge: MergeView; model: MergePageModel }) {
  const t = useWords();
  if (merge.undoneAt !== null)
    return (
      <>
        {t('merge.state.undone')} <Moment at={new Date(merge.undoneAt)} reader={readerOf(model)} />
        {merge.undoneReason ? <span class="hint block">{merge.undoneReason}</span> : null}
      </>
    );
  if (merge.obstacle !== null)
    return (
      <>
        {t('merge.state.final')}
        <span class="hint block">{t(`merge.obstacle.${merge.obstacle}`)}</span>
      </>
    );
  return (
    <>
      {t('merge.state.stands')}{' '}
      <Moment at={new Date(merge.undoableUntil)} reader={readerOf(model)} dateOnly />
      {model.mayChange ? <UndoForm merge={merge} model={model} /> : null}
    </>
  );
}

function UndoForm({ merge, model }: { merge: MergeView; model: MergePageModel }) {
  const t = useWords();
  return (
    <Form action={`/admin/merges/${merge.id}/undo`} csrf={model.viewer.csrf}>
      <Field id={`undo-${merge.id}`} name="reason" label={t('merge.undoReason')} maxLength={500} required />
      <SubmitButton tone="danger">{t('merge.undo')}</SubmitButton>
    </Form>
  );
}

function readerOf({ locale }: MergePageModel) {
  return { ...anybody, locale: locale === 'en' ? anybody.locale : locale };
}
