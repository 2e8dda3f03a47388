import { describe, expect, it } from '@jest/globals';
import { aheadOf, lay, samePieces, take, type Piece } from './pieces.js';

const piece = (lineId: string, from: number, until: number): Piece => ({
  lineId,
  owner: lineId,
  from,
  until,
});

describe('pieces', () => {
  it('of one line that follow each other are one piece, those of others are not', () => {
    const at = { at: 50, anchor: 50, covered: null };
    expect(lay([piece('a', 0, 100)], at)).toEqual({ pieces: [piece('a', 0, 100)], returnedMs: 0 });
    const two = [piece('a', 0, 60), piece('b', 60, 100)];
    expect(lay(two, at).pieces).toEqual(two);
    const three = [piece('b', -20, 0), piece('a', 0, 100)];
    expect(lay(three, at).pieces).toEqual(three);
  });

  it('that only touch are two when a gap lies between', () => {
    expect(lay([piece('a', 0, 100)], { at: 50, anchor: 51, covered: null }).pieces).toEqual([
      piece('a', 0, 50),
      piece('a', 51, 101),
    ]);
  });

  it('are the same only when line, beginning and end of each are', () => {
    const own = [piece('a', 0, 10), piece('b', 10, 20)];
    expect(samePieces([], [])).toBe(true);
    expect(samePieces(own, [piece('a', 0, 10), piece('b', 10, 20)])).toBe(true);
    for (const other of [
      [],
      [piece('a', 0, 10)],
      [...own, piece('c', 20, 30)],
      [piece('c', 0, 10), piece('b', 10, 20)],
      [piece('a', 1, 10), piece('b', 10, 20)],
      [piece('a', 0, 9), piece('b', 10, 20)],
      [piece('a', 0, 10), piece('b', 10, 21)],
    ]) {
      expect([other, samePieces(own, other)]).toEqual([other, false]);
      expect([other, samePieces(other, own)]).toEqual([other, false]);
    }
  });

  it('that end now have nothing ahead, and are left alone', () => {
    const used = [piece('a', 0, 50), piece('b', 50, 80)];
    expect([aheadOf(used, 50), aheadOf(used, 80), aheadOf(used, 81)]).toEqual([30, 0, 0]);
    expect(take(used, 50, ({ lineId }) => lineId === 'a')).toEqual({ pieces: used, takenMs: 0 });
    expect(take(used, 50, ({ lineId }) => lineId === 'b')).toEqual({
      pieces: [piece('a', 0, 50)],
      takenMs: 30,
    });
  });
});
