/** A stretch of access [from, until) in epoch milliseconds, put there by one line, belonging to one owner. */
export interface Piece {
  lineId: string;
  owner: string;
  from: number;
  until: number;
}

/** Milliseconds from a moment until before another. */
export interface Stretch {
  from: number;
  until: number;
}

/** How much of `pieces` lies ahead of `at`, in milliseconds. */
export function aheadOf(pieces: readonly Piece[], at: number): number {
  return pieces.reduce((sum, piece) => sum + Math.max(0, piece.until - Math.max(piece.from, at)), 0);
}

/**
 * Takes what lies ahead of `at` of the pieces that `isTaken` names. What stood behind a taken piece moves up, but not
 * over a gap: what waits behind a paid period goes on waiting. What was used stays used.
 */
export function take(
  pieces: readonly Piece[],
  at: number,
  isTaken: (piece: Piece) => boolean,
): { pieces: Piece[]; takenMs: number } {
  const left: Piece[] = [];
  let cursor = at;
  let runEnds = -Infinity;
  let takenMs = 0;
  for (const piece of pieces) {
    const from = Math.max(piece.from, at);
    const aheadMs = piece.until - from;
    if (aheadMs <= 0) {
      left.push(piece);
      continue;
    }
    if (from > runEnds) cursor = from;
    runEnds = piece.until;
    if (isTaken(piece)) {
      takenMs += aheadMs;
      put(left, { ...piece, until: Math.min(piece.until, from) });
    } else {
      put(left, { ...piece, from: piece.from < at ? piece.from : cursor, until: cursor + aheadMs });
      cursor += aheadMs;
    }
  }
  return { pieces: left, takenMs };
}

/**
 * Moves what lies ahead of `at`, and what ran in `covered` before it, behind `anchor`: in its order, without a gap.
 * `returnedMs` is what ran and is ahead again.
 */
export function lay(
  pieces: readonly Piece[],
  { at, anchor, covered }: { at: number; anchor: number; covered: Stretch | null },
): { pieces: Piece[]; returnedMs: number } {
  const back = { from: Math.min(covered?.from ?? at, at), until: Math.min(covered?.until ?? at, at) };
  const stays: Piece[] = [];
  const moves: Piece[] = [];
  let cursor = anchor;
  let returnedMs = 0;
  for (const piece of pieces) {
    const returned = within(piece, back.from, back.until);
    const movedMs = returned + within(piece, at, Infinity);
    put(stays, { ...piece, until: Math.min(piece.until, back.from) });
    put(stays, { ...piece, from: Math.max(piece.from, back.until), until: Math.min(piece.until, at) });
    put(moves, { ...piece, from: cursor, until: cursor + movedMs });
    cursor += movedMs;
    returnedMs += returned;
  }
  const laid: Piece[] = [];
  for (const piece of [...stays, ...moves]) put(laid, piece);
  return { pieces: laid, returnedMs };
}

/** Whether both are the same stretches of the same lines. */
export function samePieces(one: readonly Piece[], other: readonly Piece[]): boolean {
  return (
    one.length === other.length &&
    one.every((piece, index) => {
      const twin = other[index];
      return piece.lineId === twin?.lineId && piece.from === twin.from && piece.until === twin.until;
    })
  );
}

/** Adds a piece behind the others; as one with the last where it goes on with it, not at all where it is empty. */
function put(pieces: Piece[], added: Piece): void {
  if (added.until <= added.from) return;
  const last = pieces.at(-1);
  if (last?.lineId === added.lineId && last.until === added.from)
    pieces[pieces.length - 1] = { ...last, until: added.until };
  else pieces.push(added);
}

function within(piece: Piece, from: number, until: number): number {
  return Math.max(0, Math.min(piece.until, until) - Math.max(piece.from, from));
}
