import { formatNumber } from '../../platform/ui/format.js';
import { EmptyState } from '../../platform/ui/components.js';
import { DataTable, type Column } from '../../platform/ui/data-table.js';
import { Field, SelectField, SubmitButton } from '../../platform/ui/form.js';
import { usePageReader, useTranslate } from '../../platform/ui/render-page.js';
import type { Translate } from '../../platform/i18n/translations.js';
import { withoutFilter, type ListFilter } from '../../platform/lists/list-request.js';
import { csvHref, maxListCount, viewHref, type AskedList, type ListView } from './list-view.js';

/** A column; `sortBy` names the time of the list that it shows. */
export type ListColumn<Row> = Omit<Column<Row>, 'sort'> & { sortBy?: string };

/**
 * A list with its filters, its order, its pages, and the file of all its rows. Everything that is
 * asked stands in the address.
 */
export function ListSection<Row>({
  view,
  columns,
  keyOf,
}: {
  view: ListView<Row>;
  columns: ListColumn<Row>[];
  keyOf: (row: Row) => string;
}) {
  const t = useTranslate();
  return (
    <>
      <FilterForm list={view} />
      <Chips list={view} />
      {view.rows.length === 0 ? (
        <EmptyList list={view} />
      ) : (
        <>
          <p class="list-summary">
            <span>{countText(t, view)}</span> <a href={csvHref(view)}>{t('lists.csv')}</a>
          </p>
          <DataTable
            caption={t(`lists.${view.name}.sorts.${sortName(view)}`)}
            columns={columns.map(({ sortBy, ...column }) =>
              sortBy === undefined ? column : { ...column, sort: headingSort(view, sortBy) },
            )}
            rows={view.rows}
            keyOf={keyOf}
          />
        </>
      )}
      <Pager view={view} />
    </>
  );
}

function countText(t: Translate, { name, count, rows }: ListView<unknown>): string {
  if (count === null) return t('lists.countUnknown', { shown: rows.length });
  const number = formatNumber(t, count) + (count < maxListCount ? '' : '+');
  return t(`lists.${name}.count`, { count, number });
}

function sortName({ request: { sort, isAscending } }: AskedList): string {
  return `${sort}.${isAscending ? 'ascending' : 'descending'}`;
}

/** A heading sorts by its column, the newest first, and the other way round when chosen again. */
function headingSort(list: AskedList, sort: string): NonNullable<Column<unknown>['sort']> {
  const { request } = list;
  const isSorted = request.sort === sort;
  return {
    href: viewHref(list, { sort, isAscending: isSorted && !request.isAscending }),
    direction: isSorted ? (request.isAscending ? 'ascending' : 'descending') : null,
  };
}

function FilterForm({ list }: { list: AskedList }) {
  const t = useTranslate();
  const { name, place, definition, request } = list;
  const directions = ['descending', 'ascending'] as const;
  return (
    <form
      method="get"
      action={place.page}
      class="form form-inline"
      role="search"
      aria-label={t('lists.form')}
    >
      {definition.filters.map((filter) => (
        <FilterField key={filter.name} list={list} filter={filter} />
      ))}
      <SelectField
        id="sort"
        name="sort"
        label={t('lists.sort')}
        value={`${request.isAscending ? '' : '-'}${request.sort}`}
        options={definition.sorts.flatMap((sort) =>
          directions.map(
            (direction) =>
              [
                `${direction === 'ascending' ? '' : '-'}${sort.name}`,
                t(`lists.${name}.sorts.${sort.name}.${direction}`),
              ] as const,
          ),
        )}
      />
      <SubmitButton>{t('lists.apply')}</SubmitButton>
      {definition.filters.some(({ kind }) => kind === 'day') ? (
        <p class="hint">{t('lists.timeZone', { zone: usePageReader().timeZone })}</p>
      ) : null}
    </form>
  );
}

function FilterField({ list: { name, request }, filter }: { list: AskedList; filter: ListFilter }) {
  const t = useTranslate();
  const field = {
    ...{ id: filter.name, name: filter.name, label: t(`lists.${name}.filters.${filter.name}`) },
    value: request.filters[filter.name] ?? '',
  };
  if (filter.kind === 'day') return <Field {...field} type="date" />;
  if (filter.kind === 'text') return <Field {...field} type="search" maxlength={filter.maxLength} />;
  const values = filter.values.map((value) => [value, valueText(t, name, filter, value)] as const);
  if (filter.texts !== undefined) values.sort(([, one], [, other]) => one.localeCompare(other, t.locale));
  return <SelectField {...field} options={[['', t('lists.all')], ...values]} />;
}

function valueText(t: Translate, list: string, filter: ListFilter, value: string): string {
  if (filter.kind !== 'choice') return value;
  return t(`${filter.texts ?? `lists.${list}.values.${filter.name}`}.${value}`);
}

/** The filters in force, each with a link that removes it. */
function Chips({ list }: { list: AskedList }) {
  const t = useTranslate();
  const { name, place, definition, request } = list;
  const inForce = definition.filters.filter((filter) => request.filters[filter.name] !== undefined);
  if (inForce.length === 0) return null;
  return (
    <ul class="chips" aria-label={t('lists.inForce')}>
      {inForce.map((filter) => {
        const label = t('lists.chip', {
          filter: t(`lists.${name}.filters.${filter.name}`),
          value: valueText(t, name, filter, request.filters[filter.name] ?? ''),
        });
        return (
          <li key={filter.name}>
            <a
              class="chip"
              href={viewHref(list, withoutFilter(definition, request, filter.name))}
              aria-label={t('lists.remove', { filter: label })}
            >
              {label}
            </a>
          </li>
        );
      })}
      <li>
        <a href={place.page}>{t('lists.clear')}</a>
      </li>
    </ul>
  );
}

function EmptyList({ list: { name, place, request } }: { list: AskedList }) {
  const t = useTranslate();
  const isFiltered = Object.keys(request.filters).length > 0 || request.cursor !== null;
  return (
    <EmptyState title={t(`lists.${name}.empty`)}>
      {isFiltered ? (
        <>
          {t('lists.emptyFiltered')} <a href={place.page}>{t('lists.clear')}</a>
        </>
      ) : (
        t(`lists.${name}.emptyHint`)
      )}
    </EmptyState>
  );
}

function Pager({ view }: { view: ListView<unknown> }) {
  const t = useTranslate();
  const { previous, next } = view;
  if (previous === null && next === null) return null;
  const page = (key: string, isBackwards: boolean) => viewHref(view, { cursor: { key, isBackwards } });
  return (
    <nav class="pager" aria-label={t('lists.pages')}>
      {previous === null ? null : (
        <a href={page(previous, true)} rel="prev">
          {t('lists.previous')}
        </a>
      )}
      {next === null ? null : (
        <a href={page(next, false)} rel="next">
          {t('lists.next')}
        </a>
      )}
    </nav>
  );
}
