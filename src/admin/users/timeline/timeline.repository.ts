import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database.js';
import { planned } from '../../../platform/lists/keyset-list.js';
import { decodePosition, encodePosition } from '../../../platform/lists/list-request.js';
import type { TimelineData, TimelineEntry, TimelineKind, TimelineSource } from './timeline-entry.js';

/**
 * A part of the timeline: a view of `admin`, and the column by whose index its rows are read, where
 * that is not their time.
 */
interface Part {
  source: TimelineSource;
  kind: TimelineKind;
  view: string;
  where?: string;
  orderedBy?: 'seq' | 'id';
}

/** Of equal times the last of these comes first. */
const parts: readonly Part[] = [
  { source: 'signUp', kind: 'account', view: 'timeline_sign_up' },
  { source: 'linkClick', kind: 'invitations', view: 'timeline_link_click' },
  { source: 'invitation', kind: 'invitations', view: 'timeline_invitation' },
  { source: 'invite', kind: 'invitations', view: 'timeline_invite' },
  { source: 'finding', kind: 'reviews', view: 'timeline_finding' },
  { source: 'payment', kind: 'payments', view: 'timeline_payment' },
  { source: 'conversion', kind: 'reviews', view: 'timeline_conversion' },
  { source: 'reversal', kind: 'payments', view: 'timeline_reversal' },
  { source: 'credit', kind: 'credit', view: 'timeline_credit', orderedBy: 'seq' },
  { source: 'email', kind: 'emails', view: 'timeline_email' },
  {
    ...{ source: 'change', kind: 'account', view: 'timeline_audit', orderedBy: 'id' },
    where: 'NOT is_of_staff',
  },
  { ...{ source: 'staff', kind: 'staff', view: 'timeline_audit', orderedBy: 'id' }, where: 'is_of_staff' },
];

/** One page of a timeline; `next` is null on the last. */
export interface TimelinePage {
  entries: TimelineEntry[];
  next: string | null;
}

interface Row {
  source: TimelineSource;
  rank: number;
  position_at: string;
  key: string;
  at: Date;
  data: TimelineData[TimelineSource];
}

const time = `(timestamptz 'epoch' + $3::bigint * interval '1 microsecond')`;

/**
 * The newest rows of a part, from a position on. An id holds its time, so that those of the audit
 * log are found by it; `$6` is the greatest of that time.
 */
function partSql({ source, view, where, orderedBy }: Part, rank: number, isFirst: boolean): string {
  const conditions = [
    'user_id = $1',
    ...(where === undefined ? [] : [where]),
    ...(isFirst ? [] : [`at <= ${time}`, `(at < ${time} OR (${rank}, key) < ($4::integer, $5))`]),
    ...(!isFirst && orderedBy === 'id' ? ['id <= $6::uuid'] : []),
  ];
  const order = orderedBy === undefined ? 'at DESC, key DESC' : `${orderedBy} DESC`;
  return `SELECT '${source}' AS source, ${rank} AS rank, at, key, to_json(part) AS data FROM (
    SELECT * FROM admin.${view} WHERE ${conditions.join(' AND ')} ORDER BY ${order} LIMIT $2) part`;
}

function timelineSql(kind: TimelineKind | null, isFirst: boolean): string {
  const chosen = parts.flatMap((part, rank) =>
    kind === null || part.kind === kind ? [partSql(part, rank, isFirst)] : [],
  );
  return `SELECT *, (extract(epoch FROM at) * 1000000)::bigint::text AS position_at
    FROM (${chosen.join(' UNION ALL ')}) event ORDER BY at DESC, rank DESC, key DESC LIMIT $2`;
}

/**
 * What happened to a user, from all modules, the newest first: each part is read by its own index.
 */
@Injectable()
export class TimelineRepository {
  constructor(private readonly database: Database) {}

  /** One page, of one kind or of all. Errors: `request.invalid` for a foreign cursor. */
  async page(
    userId: string,
    { kind, cursor, limit }: { kind: TimelineKind | null; cursor: string | null; limit: number },
  ): Promise<TimelinePage> {
    const isById = parts.some((part) => (kind ?? part.kind) === part.kind && part.orderedBy === 'id');
    const position = cursor === null ? [] : positionParameters(cursor, isById);
    const rows = await planned(this.database, (tx) =>
      tx.query<Row[]>(timelineSql(kind, cursor === null), [userId, limit + 1, ...position]),
    );
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      entries: shown.map(({ source, at, key, data }) => ({ source, at, key, data }) as TimelineEntry),
      next:
        last === undefined
          ? null
          : encodePosition({ micros: last.position_at, id: `${last.rank} ${last.key}` }),
    };
  }

  /** How the user was invited; null for one who was not. */
  async findInvitation(userId: string): Promise<TimelineData['invitation'] | null> {
    const [row] = await this.database.query<TimelineData['invitation']>(
      `SELECT referral_id, code, origin, other_id, other_email FROM admin.timeline_invitation WHERE user_id = $1`,
      [userId],
    );
    return row ?? null;
  }
}

function positionParameters(cursor: string, isById: boolean): unknown[] {
  const { micros, id } = decodePosition(cursor, /^\d{1,2} ./);
  const space = id.indexOf(' ');
  const position = [micros, Number(id.slice(0, space)), id.slice(space + 1)];
  return isById ? [...position, greatestIdAt(BigInt(micros) / 1000n)] : position;
}

/**
 * The greatest UUIDv7 of a millisecond; times before 1970 have none, and the least id is answered.
 */
function greatestIdAt(ms: bigint): string {
  const latest = 0xffff_ffff_ffffn;
  const hex = (ms < 0n ? 0n : ms > latest ? latest : ms).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-ffff-ffff-ffffffffffff`;
}
