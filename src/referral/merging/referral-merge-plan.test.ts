import { describe, expect, it } from 'vitest';
import { planReferralMerge, type AccountReferralState } from './referral-merge-plan.js';

type OwnReferral = NonNullable<AccountReferralState['ownReferral']>;
const accountState = (came: Partial<OwnReferral> | null): AccountReferralState => ({
  ownReferral: came && { id: 'from', referrerId: 'stranger', isConverted: false, isClosed: false, ...came },
  invitedCount: 0,
  codes: [],
});
const neitherPaid = { from: false, into: false };

describe('the invitations that two accounts of one person came with', () => {
  it.each([
    ['one waits, neither has paid: it is carried over', { id: 'from' }, null, neitherPaid, 'from', []],
    ['one waits, its account has paid', { id: 'from' }, null, { from: true, into: false }, null, ['from']],
    [
      'one waits, the other account has paid',
      { id: 'from' },
      null,
      { from: false, into: true },
      null,
      ['from'],
    ],
    ['one waits, by the other account', { referrerId: 'b' }, null, neitherPaid, null, ['from']],
    [
      'both wait: that of the account that stays counts',
      { id: 'from' },
      { id: 'into' },
      neitherPaid,
      null,
      ['from'],
    ],
    [
      'both wait, by each other',
      { referrerId: 'b' },
      { id: 'into', referrerId: 'a' },
      neitherPaid,
      null,
      ['into', 'from'],
    ],
    ['one converted, the other waits', { isConverted: true }, { id: 'into' }, neitherPaid, null, ['into']],
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
      neitherPaid,
      null,
      [],
    ],
    [
      'the account that stays waits, the other has paid',
      null,
      { id: 'into' },
      { from: true, into: false },
      null,
      ['into'],
    ],
    ['the account that stays waits, neither has paid', null, { id: 'into' }, neitherPaid, null, []],
    [
      'the account that stays waits, invited by the other',
      null,
      { id: 'into', referrerId: 'a' },
      neitherPaid,
      null,
      ['into'],
    ],
    [
      'that of the account that stays was closed before',
      null,
      { id: 'into', isClosed: true },
      { from: true, into: false },
      null,
      [],
    ],
    ['one waits, its referrer is gone', { referrerId: null }, null, neitherPaid, 'from', []],
    ['one was closed before', { isClosed: true }, { id: 'into' }, neitherPaid, null, []],
    ['neither came with one', null, null, neitherPaid, null, []],
    // eslint-disable-next-line max-params -- the columns of the table above
  ] as const)('%s', (_case, from, into, hasPaid, carried, closed) => {
    const effects = planReferralMerge(
      { from: accountState(from), into: accountState(into) },
      { persons: ['a', 'b'], hasPaid },
    );
    expect(effects).toMatchObject({ transferredReferralId: carried, closedReferralIds: closed });
  });

  it.each([
    ['none', {}, {}, false],
    ['one', { isConverted: true }, {}, false],
    ['the other', {}, { isConverted: true }, false],
    ['both', { isConverted: true }, { isConverted: true }, true],
  ])('both were rewarded as referred users only when both converted: %s', (_, from, into, bothConverted) => {
    const plan = planReferralMerge(
      { from: accountState(from), into: accountState(into) },
      { persons: ['a', 'b'], hasPaid: neitherPaid },
    );
    expect(plan.bothConverted).toBe(bothConverted);
  });
});
