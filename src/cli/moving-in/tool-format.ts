/** What a row can say: about a person, who referred them, and what they are owed. */
export const movingFields = [
  'email',
  'externalId',
  'customer',
  'createdAt',
  'firstPaidAt',
  'ownCode',
  'referrerCode',
  'linkParameter',
  'referrerExternalId',
  'referrerEmail',
  'creditDays',
  'creditKey',
] as const;

/** A field that a row can have. */
export type MovingField = (typeof movingFields)[number];

/** The cells of a row by field, as they stand in the file; a field without a cell is empty. */
export type MovingCells = Record<MovingField, string>;

/**
 * One kind of file of a tool: the names of the columns of each field, the preferred one first, and
 * what it must have: one field of each group.
 */
export interface FileFormat {
  columns: Partial<Record<MovingField, string[]>>;
  required: MovingField[][];
  /** Columns that are known and say nothing that is needed. */
  ignored?: string[];
  /** Whether a row is about no person, so that it is left out. */
  isLeftOut?: (cells: MovingCells) => boolean;
  /** Columns of a file in which the others mean something else, and what to do about it. */
  mistaken?: { columns: string[]; hint: string };
}

/** A tool that people come from. A new one is a file in `tools/` and a line in `tools.ts`. */
export interface ToolFormat {
  name: string;
  title: string;
  /** Its list of the people who were referred, with who referred them. */
  referred: FileFormat;
  /** Its list of those who refer, with the code of each. */
  partners: FileFormat;
  /** Its list of commissions, where it has one: their customers were rewarded there. */
  commissions?: FileFormat;
  /** Turns cells into what the fields mean, where they are not that already. */
  adjust?: (cells: MovingCells) => MovingCells;
}

/** Columns that every file may have, in the words of this project. */
const ownColumns: Record<MovingField, string> = {
  email: 'email',
  externalId: 'external_id',
  customer: 'stripe_customer_id',
  createdAt: 'created_at',
  firstPaidAt: 'first_paid_at',
  ownCode: 'own_code',
  referrerCode: 'referred_by_code',
  linkParameter: 'link_parameter',
  referrerExternalId: 'referred_by_external_id',
  referrerEmail: 'referred_by_email',
  creditDays: 'credit_days',
  creditKey: 'credit_key',
};

/** Which cells of a file are which field, and the names that are no field. */
export interface HeaderMap {
  columns: Record<MovingField, { name: string; index: number }[]>;
  unknown: string[];
  /** The names that are missing: one of each group is needed. */
  missing: string[][];
  /** A name that shows that it is another file. */
  mistaken: string | null;
}

/** Finds the fields in a header; capitals, spaces and underscores make no difference. */
export function mapHeader(header: readonly string[], format: FileFormat): HeaderMap {
  const named = header.map((name, index) => ({ name, index, key: columnKey(name) }));
  const withKey = (key: string) => named.filter((column) => column.key === key);
  const namesOf = (field: MovingField) => [...(format.columns[field] ?? []), ownColumns[field]];
  const columns = Object.fromEntries(
    movingFields.map((field) => [field, [...new Set(namesOf(field).map(columnKey))].flatMap(withKey)]),
  ) as Partial<HeaderMap['columns']> as HeaderMap['columns'];
  const ignored = new Set((format.ignored ?? []).map(columnKey));
  const mistaken = new Set((format.mistaken?.columns ?? []).map(columnKey));
  const used = new Set(Object.values(columns).flatMap((found) => found.map(({ index }) => index)));
  return {
    columns,
    unknown: named.flatMap(({ name, index, key }) =>
      name === '' || used.has(index) || ignored.has(key) ? [] : name,
    ),
    missing: format.required
      .filter((group) => group.every((field) => columns[field].length === 0))
      .map((group) => group.map((field) => namesOf(field)[0] ?? field)),
    mistaken: named.find(({ key }) => mistaken.has(key))?.name ?? null,
  };
}

function columnKey(name: string): string {
  return name.toLowerCase().replace(/[\s_.-]+/g, '');
}

/** The cells of a record by field: of several columns, the first that is not empty. */
export function cellsOf(record: readonly string[], { columns }: HeaderMap): MovingCells {
  return Object.fromEntries(
    movingFields.map((field) => [
      field,
      columns[field].map(({ index }) => record[index] ?? '').find((text) => text !== '') ?? '',
    ]),
  ) as MovingCells;
}

/** The code in a link: what `via`, `ref` or `fpr` says, else its last part. Other text stays. */
export function codeOfLink(text: string): string {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!/^[^/\s]+\.[^/\s]+\/\S/.test(url.slice(url.indexOf('//') + 2)) || !URL.canParse(url)) return text;
  const { searchParams, pathname } = new URL(url);
  const given = searchParams.get('via') ?? searchParams.get('ref') ?? searchParams.get('fpr');
  const last = pathname.split('/').findLast((part) => part !== '') ?? '';
  return given ?? (last === '' ? text : decodePart(last));
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a percent sign that encodes nothing
  }
}
