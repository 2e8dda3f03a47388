import { isGrant, isRevocation, type LedgerLine } from './ledger-line.js';
import { aheadOf, lay, take, type Piece, type Stretch } from './pieces.js';

/** What an account's history adds up to. `until` is null while nothing was ever granted. */
export interface Balance {
  until: number | null;
  pieces: readonly Piece[];
  /** What each revocation took away, together with those that it goes on with, by the revocation's id. */
  taken: ReadonlyMap<string, number>;
  /** What each deferral took and has not given back, by its id. */
  deferred: ReadonlyMap<string, number>;
  owners: ReadonlyMap<string, string>;
  /** The last revocation of every owner who stands revoked. */
  revoked: ReadonlyMap<string, string>;
}

const empty: Balance = {
  until: null,
  pieces: [],
  taken: new Map(),
  deferred: new Map(),
  owners: new Map(),
  revoked: new Map(),
};

/** A line's place in the fold: whose it is, and when. */
interface Place {
  lineId: string;
  owner: string;
  at: number;
  anchor: number;
  actsOn: string;
}

/** Folds a history, oldest line first, into what it adds up to. */
export function replay(lines: readonly LedgerLine[]): Balance {
  return lines.reduce(applyLine, empty);
}

/** The balance after one more line. The line's own `lengthMs` decides only where it adds days; the rest is derived. */
export function applyLine(before: Balance, line: LedgerLine): Balance {
  const place = placeOf(before, line);
  const known = { ...before, owners: new Map(before.owners).set(line.id, place.owner) };
  if (isGrant(line.kind)) return grant(stands(known, place), place, line.lengthMs);
  if (isRevocation(line.kind)) return revoke(known, place);
  if (line.kind === 'restoration') return grant(stands(known, place), place, lengthOf(before, line));
  if (line.kind === 'shift') return shift(known, place, coveredBy(line));
  if (line.kind === 'transfer')
    return leaves(before, place) ? depart(known, place) : grant(known, place, line.lengthMs);
  if (before.deferred.has(place.actsOn)) return giveBack(known, place, lengthOf(before, line));
  return defer(known, place, coveredBy(line));
}

/** The window a line covers now, or null when it covers none (any more). Of days in several stretches, the last one. */
export function windowOf(balance: Balance, lineId: string): { from: Date; until: Date } | null {
  const own = balance.pieces.filter((piece) => piece.lineId === lineId).at(-1);
  return own === undefined ? null : { from: new Date(own.from), until: new Date(own.until) };
}

/** What a line is worth in signed milliseconds, given the balance before it. */
export function lengthOf(before: Balance, line: LedgerLine): number {
  const place = placeOf(before, line);
  switch (line.kind) {
    case 'restoration':
      return before.taken.get(place.actsOn) ?? 0;
    case 'reversal':
    case 'admin_revoke':
      return negative(takeOwn(before, place).takenMs);
    case 'transfer':
      return leaves(before, place) ? negative(takeOwn(before, place).takenMs) : line.lengthMs;
    case 'shift':
      return layFor(before, place, coveredBy(line)).returnedMs;
    case 'deferral': {
      const held = before.deferred.get(place.actsOn);
      if (held !== undefined) return Math.min(held, Math.max(0, line.lengthMs));
      return negative(takeDeferred(before, place, coveredBy(line)).takenMs);
    }
    default:
      return line.lengthMs;
  }
}

/** The revocations of owners who have days ahead of `at` all the same, because those came back after the revocation. */
export function unfinishedRevocations(balance: Balance, at: number): string[] {
  return [...balance.revoked].flatMap(([owner, lineId]) => {
    const own = balance.pieces.filter((piece) => piece.owner === owner);
    return aheadOf(own, at) > 0 ? [lineId] : [];
  });
}

function placeOf(before: Balance, line: LedgerLine): Place {
  const at = line.at.getTime();
  return {
    lineId: line.id,
    owner: ownerOf(before, line),
    at,
    anchor: Math.max(at, line.anchorAt?.getTime() ?? at),
    actsOn: line.reversesEntryId ?? '',
  };
}

/** A reward belongs to its side of the conversion through all its turns; any other grant to itself, in any account. */
function ownerOf(before: Balance, line: LedgerLine): string {
  if (line.conversionId !== null) return `${line.conversionId}/${line.side}`;
  if (line.rootId !== null) return line.rootId;
  if (line.reversesEntryId !== null) return before.owners.get(line.reversesEntryId) ?? line.reversesEntryId;
  return line.id;
}

function stands(before: Balance, { owner }: Place): Balance {
  const revoked = new Map(before.revoked);
  revoked.delete(owner);
  return { ...before, revoked };
}

function grant(before: Balance, { lineId, owner, anchor }: Place, lengthMs: number): Balance {
  if (lengthMs === 0) return before;
  const from = Math.max(anchor, before.until ?? anchor);
  const until = from + lengthMs;
  return { ...before, until, pieces: [...before.pieces, { lineId, owner, from, until }] };
}

function revoke(before: Balance, place: Place): Balance {
  const { pieces, takenMs } = takeOwn(before, place);
  const earlier = before.taken.get(place.actsOn) ?? 0;
  return {
    ...reaching(before, pieces, place.at),
    taken: new Map(before.taken).set(place.lineId, earlier + takenMs),
    revoked: new Map(before.revoked).set(place.owner, place.lineId),
  };
}

function takeOwn({ pieces }: Balance, { at, owner }: Place) {
  return take(pieces, at, (piece) => piece.owner === owner);
}

/** A transfer that acts on a line of this account takes its days away; one that acts on another account's brings them. */
function leaves(before: Balance, { actsOn }: Place): boolean {
  return before.owners.has(actsOn);
}

function depart(before: Balance, place: Place): Balance {
  return reaching(before, takeOwn(before, place).pieces, place.at);
}

function shift(before: Balance, place: Place, covered: Stretch | null): Balance {
  return reaching(before, layFor(before, place, covered).pieces, place.at);
}

function layFor({ pieces }: Balance, { at, anchor }: Place, covered: Stretch | null) {
  return lay(pieces, { at, anchor, covered });
}

/** The days of one line become the time by which a charge was put off; all other days wait behind that. */
function defer(before: Balance, place: Place, covered: Stretch | null): Balance {
  const { pieces, takenMs } = takeDeferred(before, place, covered);
  return {
    ...reaching(before, pieces, place.at),
    deferred: new Map(before.deferred).set(place.lineId, takenMs),
  };
}

function takeDeferred(before: Balance, place: Place, covered: Stretch | null) {
  const { pieces } = layFor(before, place, covered);
  return take(pieces, place.at, (piece) => piece.lineId === place.actsOn);
}

function giveBack(before: Balance, place: Place, lengthMs: number): Balance {
  const held = before.deferred.get(place.actsOn) ?? 0;
  const deferred = new Map(before.deferred).set(place.actsOn, held - lengthMs);
  return grant({ ...before, deferred }, place, lengthMs);
}

/** With other pieces the account reaches to where they end; to `at` where none is left, nowhere else where none moved. */
function reaching(before: Balance, pieces: readonly Piece[], at: number): Balance {
  if (aheadOf(pieces, at) > 0) return { ...before, pieces, until: pieces.at(-1)?.until ?? before.until };
  return { ...before, pieces, until: aheadOf(before.pieces, at) > 0 ? at : before.until };
}

function coveredBy({ covers }: LedgerLine): Stretch | null {
  return covers === null ? null : { from: covers.from.getTime(), until: covers.until.getTime() };
}

function negative(lengthMs: number): number {
  return lengthMs === 0 ? 0 : -lengthMs;
}
