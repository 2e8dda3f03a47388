import { describe, expect, it } from 'vitest';
import { remainingMs, moveBehind, sameIntervals, cut, type Interval } from './intervals.js';

const interval = (entryId: string, from: number, until: number): Interval => ({
  entryId,
  grantKey: entryId,
  from,
  until,
});

describe('pieces', () => {
  it('pieces of one line that follow each other are one piece, those of others are not', () => {
    const at = { at: 50, anchor: 50, covered: null };
    expect(moveBehind([interval('a', 0, 100)], at)).toEqual({
      pieces: [interval('a', 0, 100)],
      returnedMs: 0,
    });
    const two = [interval('a', 0, 60), interval('b', 60, 100)];
    expect(moveBehind(two, at).pieces).toEqual(two);
    const three = [interval('b', -20, 0), interval('a', 0, 100)];
    expect(moveBehind(three, at).pieces).toEqual(three);
  });

  it('pieces that only touch are two when a gap lies between', () => {
    expect(moveBehind([interval('a', 0, 100)], { at: 50, anchor: 51, covered: null }).pieces).toEqual([
      interval('a', 0, 50),
      interval('a', 51, 101),
    ]);
  });

  it('pieces are the same only when line, beginning and end of each are', () => {
    const own = [interval('a', 0, 10), interval('b', 10, 20)];
    expect(sameIntervals([], [])).toBe(true);
    expect(sameIntervals(own, [interval('a', 0, 10), interval('b', 10, 20)])).toBe(true);
    for (const other of [
      [],
      [interval('a', 0, 10)],
      [...own, interval('c', 20, 30)],
      [interval('c', 0, 10), interval('b', 10, 20)],
      [interval('a', 1, 10), interval('b', 10, 20)],
      [interval('a', 0, 9), interval('b', 10, 20)],
      [interval('a', 0, 10), interval('b', 10, 21)],
    ]) {
      expect([other, sameIntervals(own, other)]).toEqual([other, false]);
      expect([other, sameIntervals(other, own)]).toEqual([other, false]);
    }
  });

  it('pieces that end now have nothing ahead, and are left alone', () => {
    const used = [interval('a', 0, 50), interval('b', 50, 80)];
    expect([remainingMs(used, 50), remainingMs(used, 80), remainingMs(used, 81)]).toEqual([30, 0, 0]);
    expect(cut(used, 50, ({ entryId }) => entryId === 'a')).toEqual({ pieces: used, takenMs: 0 });
    expect(cut(used, 50, ({ entryId }) => entryId === 'b')).toEqual({
      pieces: [interval('a', 0, 50)],
      takenMs: 30,
    });
  });
});
