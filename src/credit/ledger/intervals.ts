/** An interval of credit [from, until) in epoch milliseconds, added by one entry of one grant. */
export interface Interval {
  entryId: string;
  grantKey: string;
  from: number;
  until: number;
}

/** Milliseconds from a moment until before another. */
export interface MsRange {
  from: number;
  until: number;
}

/** How much of `pieces` is after `at`, in milliseconds. */
export function remainingMs(pieces: readonly Interval[], at: number): number {
  return pieces.reduce((sum, piece) => sum + Math.max(0, piece.until - Math.max(piece.from, at)), 0);
}

/**
 * Cuts what is after `at` from the pieces that `isCut` selects. Later pieces move up, but not over
 * a gap: what waits behind a paid period keeps waiting. What was used stays used.
 */
export function cut(
  pieces: readonly Interval[],
  at: number,
  isCut: (interval: Interval) => boolean,
): { pieces: Interval[]; takenMs: number } {
  const remaining: Interval[] = [];
  let cursor = at;
  let previousEnd = -Infinity;
  let takenMs = 0;
  for (const piece of pieces) {
    const from = Math.max(piece.from, at);
    const aheadMs = piece.until - from;
    if (aheadMs <= 0) {
      remaining.push(piece);
      continue;
    }
    if (from > previousEnd) cursor = from;
    previousEnd = piece.until;
    if (isCut(piece)) {
      takenMs += aheadMs;
      pushMerged(remaining, { ...piece, until: Math.min(piece.until, from) });
    } else {
      pushMerged(remaining, {
        ...piece,
        from: piece.from < at ? piece.from : cursor,
        until: cursor + aheadMs,
      });
      cursor += aheadMs;
    }
  }
  return { pieces: remaining, takenMs };
}

/**
 * Moves what is after `at`, and what ran in `covered` before it, behind `anchor`: in its order,
 * without a gap. `returnedMs` is what had run and is given back.
 */
export function moveBehind(
  pieces: readonly Interval[],
  { at, anchor, covered }: { at: number; anchor: number; covered: MsRange | null },
): { pieces: Interval[]; returnedMs: number } {
  const back = { from: Math.min(covered?.from ?? at, at), until: Math.min(covered?.until ?? at, at) };
  const staying: Interval[] = [];
  const moving: Interval[] = [];
  let cursor = anchor;
  let returnedMs = 0;
  for (const piece of pieces) {
    const returned = overlapMs(piece, back.from, back.until);
    const movedMs = returned + overlapMs(piece, at, Infinity);
    pushMerged(staying, { ...piece, until: Math.min(piece.until, back.from) });
    pushMerged(staying, {
      ...piece,
      from: Math.max(piece.from, back.until),
      until: Math.min(piece.until, at),
    });
    pushMerged(moving, { ...piece, from: cursor, until: cursor + movedMs });
    cursor += movedMs;
    returnedMs += returned;
  }
  const merged: Interval[] = [];
  for (const piece of [...staying, ...moving]) pushMerged(merged, piece);
  return { pieces: merged, returnedMs };
}

/** Whether both are the same intervals of the same entries. */
export function sameIntervals(one: readonly Interval[], other: readonly Interval[]): boolean {
  return (
    one.length === other.length &&
    one.every((piece, index) => {
      const twin = other[index];
      return piece.entryId === twin?.entryId && piece.from === twin.from && piece.until === twin.until;
    })
  );
}

/**
 * Adds a piece behind the others; merges it with the last one where it continues it; leaves out an
 * empty one.
 */
function pushMerged(pieces: Interval[], added: Interval): void {
  if (added.until <= added.from) return;
  const last = pieces.at(-1);
  if (last?.entryId === added.entryId && last.until === added.from)
    pieces[pieces.length - 1] = { ...last, until: added.until };
  else pieces.push(added);
}

function overlapMs(interval: Interval, from: number, until: number): number {
  return Math.max(0, Math.min(interval.until, until) - Math.max(interval.from, from));
}
