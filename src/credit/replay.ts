import type { LedgerLine } from './ledger-line.js';

/** A stretch of access [from, until) in epoch milliseconds, put there by one line, belonging to one owner. */
interface Piece {
  lineId: string;
  owner: string;
  from: number;
  until: number;
}

/** What an account's history adds up to. `until` is null while nothing was ever granted. */
export interface Balance {
  until: number | null;
  pieces: readonly Piece[];
  /** What each revocation so far took away, by the revocation's id. */
  taken: ReadonlyMap<string, number>;
  owners: ReadonlyMap<string, string>;
}

const empty: Balance = { until: null, pieces: [], taken: new Map(), owners: new Map() };

/** Folds a history, oldest line first, into what it adds up to. */
export function replay(lines: readonly LedgerLine[]): Balance {
  return lines.reduce(applyLine, empty);
}

/** The balance after one more line. The line's own `lengthMs` decides only for grants; the rest is derived. */
export function applyLine(before: Balance, line: LedgerLine): Balance {
  const owner = ownerOf(before, line);
  const owners = new Map(before.owners).set(line.id, owner);
  const at = line.at.getTime();
  switch (line.kind) {
    case 'referral_referrer':
    case 'referral_referred':
    case 'admin_grant':
      return { ...grant(before, { lineId: line.id, owner, at, lengthMs: line.lengthMs }), owners };
    case 'restoration':
      return {
        ...grant(before, { lineId: line.id, owner, at, lengthMs: lengthOfRestoration(before, line) }),
        owners,
      };
    case 'reversal':
    case 'admin_revoke':
      return { ...revoke(before, { lineId: line.id, owner, at }), owners };
  }
}

/** The window a line covers now, or null when it covers none (any more). */
export function windowOf(balance: Balance, lineId: string): { from: Date; until: Date } | null {
  const own = balance.pieces.filter((piece) => piece.lineId === lineId);
  const first = own[0];
  const last = own.at(-1);
  if (first === undefined || last === undefined) return null;
  return { from: new Date(first.from), until: new Date(last.until) };
}

/** What a line is worth in signed milliseconds, given the balance before it. */
export function lengthOf(before: Balance, line: LedgerLine): number {
  if (line.kind === 'restoration') return lengthOfRestoration(before, line);
  if (line.kind !== 'reversal' && line.kind !== 'admin_revoke') return line.lengthMs;
  const taken = applyLine(before, line).taken.get(line.id) ?? 0;
  return taken === 0 ? 0 : -taken;
}

/** A reward belongs to its side of the conversion through all its turns; any other grant to itself. */
function ownerOf(before: Balance, line: LedgerLine): string {
  if (line.conversionId !== null) return `${line.conversionId}/${line.side}`;
  if (line.reversesEntryId !== null) return before.owners.get(line.reversesEntryId) ?? line.reversesEntryId;
  return line.id;
}

function lengthOfRestoration(before: Balance, line: LedgerLine): number {
  return before.taken.get(line.reversesEntryId ?? '') ?? 0;
}

function grant(
  before: Balance,
  added: { lineId: string; owner: string; at: number; lengthMs: number },
): Balance {
  if (added.lengthMs === 0) return before;
  const from = Math.max(added.at, before.until ?? added.at);
  const until = from + added.lengthMs;
  return {
    ...before,
    until,
    pieces: [...before.pieces, { lineId: added.lineId, owner: added.owner, from, until }],
  };
}

/** Takes what the owner still has ahead of `at`; what stood behind it moves up. What was used stays used. */
function revoke(before: Balance, revocation: { lineId: string; owner: string; at: number }): Balance {
  const { at, owner } = revocation;
  const pieces: Piece[] = [];
  let cursor = at;
  let taken = 0;
  for (const piece of before.pieces) {
    const aheadMs = Math.max(0, piece.until - Math.max(piece.from, at));
    const usedUntil = piece.until - aheadMs;
    if (aheadMs === 0) pieces.push(piece);
    else if (piece.owner === owner) {
      taken += aheadMs;
      if (usedUntil > piece.from) pieces.push({ ...piece, until: usedUntil });
    } else {
      const from = piece.from < at ? piece.from : cursor;
      pieces.push({ ...piece, from, until: cursor + aheadMs });
      cursor += aheadMs;
    }
  }
  const until = before.until === null || taken === 0 ? before.until : before.until - taken;
  return { ...before, until, pieces, taken: new Map(before.taken).set(revocation.lineId, taken) };
}
