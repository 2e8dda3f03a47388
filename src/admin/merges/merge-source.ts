import { mergeList, type MergeDto, type MergeList, type MergeRecord } from '../../accounts/index.js';
import type { ListSource } from '../lists/list-view.js';
import type { PeopleNames } from '../users/people-names.js';

/** The list of merges. */
export function mergeSource(merges: MergeList): ListSource<MergeDto> {
  return {
    ...{ name: 'merges', definition: mergeList },
    list: (request, limit) => merges.listPage(request, limit),
    count: (request, max) => merges.count(request, max),
  };
}

/** A merge in a file. The addresses are null once erased. */
export type MergeFileRow = MergeRecord & { fromEmail: string | null; intoEmail: string | null };

/** The same list for a file. */
export function mergeFileSource(merges: MergeList, names: PeopleNames): ListSource<MergeFileRow> {
  const { name, definition, count } = mergeSource(merges);
  return {
    ...{ name, definition, count },
    list: async (request, limit) => {
      const page = await merges.listRecords(request, limit);
      const found = await names.findByIds(page.rows.flatMap((row) => [row.fromUserId, row.intoUserId]));
      const emailOf = (id: string) => found.get(id)?.email ?? null;
      const rows = page.rows.map((row) => ({
        ...{ ...row, fromEmail: emailOf(row.fromUserId), intoEmail: emailOf(row.intoUserId) },
      }));
      return { ...page, rows };
    },
  };
}
