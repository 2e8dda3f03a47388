import { describe, expect, it } from '@jest/globals';
import { mergeEffectsOf, type MergeSide } from './merge-effects.js';

type Came = NonNullable<MergeSide['came']>;
const side = (came: Partial<Came> | null): MergeSide => ({
  came: came && { id: 'from', referrerId: 'stranger', isConverted: false, isClosed: false, ...came },
  invited: 0,
  codes: [],
});
const nobodyPaid = { from: false, into: false };

describe('the invitations that two accounts of one person came with', () => {
  it.each([
    ['one waits, nobody has paid: it is carried over', { id: 'from' }, null, nobodyPaid, 'from', []],
    ['one waits, its account has paid', { id: 'from' }, null, { from: true, into: false }, null, ['from']],
    [
      'one waits, the other account has paid',
      { id: 'from' },
      null,
      { from: false, into: true },
      null,
      ['from'],
    ],
    ['one waits, by the other account', { referrerId: 'b' }, null, nobodyPaid, null, ['from']],
    [
      'both wait: that of the account that stays counts',
      { id: 'from' },
      { id: 'into' },
      nobodyPaid,
      null,
      ['from'],
    ],
    [
      'both wait, by each other',
      { referrerId: 'b' },
      { id: 'into', referrerId: 'a' },
      nobodyPaid,
      null,
      ['into', 'from'],
    ],
    ['one converted, the other waits', { isConverted: true }, { id: 'into' }, nobodyPaid, null, ['into']],
    [
      'the other way round',
      {},
      { id: 'into', isConverted: true },
      { from: false, into: true },
      null,
      ['from'],
    ],
    [
      'both converted: both keep it',
      { isConverted: true },
      { id: 'into', isConverted: true },
      nobodyPaid,
      null,
      [],
    ],
    ['one was closed before', { isClosed: true }, { id: 'into' }, nobodyPaid, null, []],
    ['nobody came with one', null, null, nobodyPaid, null, []],
    // eslint-disable-next-line max-params -- the columns of the table above
  ] as const)('%s', (_case, from, into, hasPaid, carried, closed) => {
    const effects = mergeEffectsOf({ from: side(from), into: side(into) }, { persons: ['a', 'b'], hasPaid });
    expect(effects).toMatchObject({ carried, closed });
  });
});
