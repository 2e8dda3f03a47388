import { describe, expect, it } from 'vitest';
import { reachesNewMilestone, withRequiredCounts } from './milestone-rules.js';

const reached = (...ordinals: [accountId: string, ordinal: number][]) =>
  withRequiredCounts(
    ordinals.map(([accountId, ordinal]) => ({ accountId, ordinal, every: 3, isGranted: true })),
  );

describe('how many granted referrals a milestone needs', () => {
  it.each<[string, [string, number][], number[]]>([
    ['none was reached', [], []],
    [
      'one account reached all of them',
      [
        ['a', 3],
        ['a', 6],
        ['a', 9],
      ],
      [3, 6, 9],
    ],
    [
      'one between them was never granted, since the budget was used up',
      [
        ['a', 3],
        ['a', 9],
      ],
      [3, 9],
    ],
    [
      'two merged accounts reached the same one',
      [
        ['a', 3],
        ['b', 3],
      ],
      [3, 6],
    ],
    [
      'one of two merged accounts went further',
      [
        ['a', 3],
        ['b', 3],
        ['b', 6],
      ],
      [3, 6, 9],
    ],
    [
      'two merged accounts reached different ones',
      [
        ['a', 3],
        ['b', 6],
      ],
      [3, 6],
    ],
  ])('%s', (_, ordinals, counts) => {
    expect(reached(...ordinals).map(({ requiredCount }) => requiredCount)).toEqual(counts);
  });

  it('all else of a milestone stays as it is', () => {
    expect(reached(['a', 3])).toEqual([
      { accountId: 'a', ordinal: 3, every: 3, isGranted: true, requiredCount: 3 },
    ]);
  });
});

describe('a new milestone', () => {
  it.each([
    [2, false],
    [3, true],
    [4, false],
    [6, true],
  ])('every third referral reaches one: after %i it is %s', (grantedCount, isReached) => {
    expect(reachesNewMilestone(grantedCount, 3, [])).toBe(isReached);
  });

  it('a milestone is reached once, whatever its referrals do', () => {
    expect(reachesNewMilestone(3, 3, reached(['a', 3]))).toBe(false);
    expect(reachesNewMilestone(6, 3, reached(['a', 3]))).toBe(true);
  });

  it('merged accounts that both reached the first one have reached the second', () => {
    expect(reachesNewMilestone(6, 3, reached(['a', 3], ['b', 3]))).toBe(false);
    expect(reachesNewMilestone(9, 3, reached(['a', 3], ['b', 3]))).toBe(true);
  });

  it('a number that counted under earlier terms does not count again', () => {
    const earlier = { accountId: 'a', every: 3, isGranted: true };
    const both = withRequiredCounts([
      { ...earlier, ordinal: 3 },
      { ...earlier, ordinal: 3, accountId: 'b' },
      { ...earlier, ordinal: 4, every: 2 },
    ]);
    expect(both.map(({ requiredCount }) => requiredCount)).toEqual([3, 6, 8]);
    expect(reachesNewMilestone(4, 2, both)).toBe(false);
    expect(reachesNewMilestone(8, 2, both)).toBe(false);
    expect(reachesNewMilestone(10, 2, both)).toBe(true);
  });
});
