import { expect, it } from 'vitest';
import fc from 'fast-check';
import { addReport, type StoredStatus, type ReportedStatus } from './past-due.js';

const at = (second: number) => new Date(second * 1_000);
const event = (status: string, second: number): ReportedStatus => ({ status, at: at(second), askedAt: null });

/**
 * What is known once all of these were said, in this order, the newest event deciding the status.
 */
function replayReports(
  said: readonly ReportedStatus[],
  from: StoredStatus | null = null,
): StoredStatus | null {
  return said.reduce<StoredStatus | null>((known, one) => {
    const isNewest = known?.snapshotAt == null || one.at > known.snapshotAt;
    const pastDue = addReport(known, one, isNewest);
    const { status, snapshotAt } = isNewest
      ? { status: one.status, snapshotAt: one.at }
      : { status: known?.status ?? one.status, snapshotAt: known?.snapshotAt ?? one.at };
    return { ...pastDue, status, snapshotAt };
  }, from);
}

it.each<[string, ReportedStatus[], number | null]>([
  ['never', [event('active', 1)], null],
  ['the first time', [event('active', 1), event('past_due', 5)], 5],
  ['the first event of several', [event('past_due', 5), event('past_due', 7), event('past_due', 9)], 5],
  ['an earlier one that comes late', [event('past_due', 9), event('past_due', 5)], 5],
  ['nothing once it is paid', [event('past_due', 5), event('active', 6)], null],
  ['the second time', [event('past_due', 5), event('active', 6), event('past_due', 8)], 8],
  [
    'the second time, with its recovery reported last',
    [event('past_due', 5), event('past_due', 8), event('active', 6)],
    8,
  ],
  [
    'what came behind a second that says both',
    [event('past_due', 5), event('active', 5), event('past_due', 8)],
    8,
  ],
])('it is past due since %s', (_, said, since) => {
  expect(replayReports(said)?.since ?? null).toEqual(since === null ? null : at(since));
});

it('any order, and any repetition, leaves the same', () => {
  const status = fc.constantFrom('past_due', 'past_due', 'active', 'unpaid');
  const history = fc.array(status, { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(history, fc.infiniteStream(fc.nat()), (statuses, draws) => {
      const told = statuses.map((one, second) => event(one, second));
      const again = [...told, ...told]
        .map((one) => ({ one, place: Number(draws.next().value) }))
        .sort((a, b) => a.place - b.place)
        .map(({ one }) => one);
      expect(replayReports(again)).toEqual(replayReports(told));
    }),
  );
});

it('the first report counts, also where it is said not to be the newest', () => {
  expect(addReport(null, event('past_due', 5), false).since).toEqual(at(5));
});

it('an answer of Stripe says since when only while no event does', () => {
  const asked = (status: string, second: number) => ({ status, at: at(1), askedAt: at(second) });
  const active = replayReports([event('active', 1)]);
  const known = {
    ...addReport(active, asked('past_due', 9), true),
    status: 'past_due',
    snapshotAt: at(1),
  };
  expect(known.since).toEqual(at(9));
  expect(addReport(known, asked('past_due', 12), true).since).toEqual(at(9));
  expect(addReport(known, event('past_due', 7), true).since).toEqual(at(7));
  const recovered = addReport(replayReports([event('past_due', 5)]), asked('active', 9), true);
  expect(recovered).toEqual({ since: null, reportedAt: [], otherStatusAt: at(9) });
});

it.each([
  ['active', 'past_due'],
  ['past_due', 'active'],
])('of one second that says both, %s first, Stripe is asked, and the second counts', (one, other) => {
  const known = replayReports([event(one, 5), event(other, 5)]);
  const answer = { status: 'past_due', at: at(5), askedAt: at(9) };
  expect(addReport(known, answer, true).since).toEqual(at(5));
});

it('a row of an older release counts from the newest thing that Stripe said', () => {
  const old = { since: null, reportedAt: [], otherStatusAt: null, status: 'past_due', snapshotAt: at(5) };
  expect(replayReports([event('past_due', 8)], old)?.since).toEqual(at(5));
  expect(replayReports([event('past_due', 3)], { ...old, status: 'active' })?.since).toBeNull();
  expect(
    replayReports([event('past_due', 3), event('past_due', 8)], { ...old, status: 'active' })?.since,
  ).toEqual(at(8));
});
