import { describe, expect, it } from 'vitest';
import { DomainError } from '../../platform/errors.js';
import { bucketSizes, bucketDates, parsePeriod, periodBefore, type BucketSize } from './period.js';

const now = new Date('2026-11-04T15:00:00Z'); // a Wednesday
const buckets = (from: string, to: string, bucket: BucketSize) =>
  bucketDates(parsePeriod({ from, to, bucket }, now));
/** What is wrong, by field. */
function fieldsOf(parse: () => unknown): unknown {
  try {
    return parse();
  } catch (error) {
    return error instanceof DomainError ? error.options.errors : error;
  }
}

describe('a statistics period', () => {
  it('a statistics period is the last 30 days, today included, unless another is requested', () => {
    expect(parsePeriod({}, now)).toEqual({
      from: new Date('2026-10-06T00:00:00Z'),
      to: new Date('2026-11-05T00:00:00Z'),
      bucket: 'day',
      timeZone: 'UTC',
    });
    expect(parsePeriod({ from: '2026-11-01T10:00:00+01:00', to: '2026-11-02' }, now)).toMatchObject({
      from: new Date('2026-11-01T09:00:00Z'),
      to: new Date('2026-11-02T00:00:00Z'),
    });
  });

  it('a statistics period has steps that begin at midnight, on Mondays, and on the first of a month', () => {
    expect(buckets('2026-10-30T12:00:00Z', '2026-11-02', 'day')).toEqual([
      '2026-10-30',
      '2026-10-31',
      '2026-11-01',
    ]);
    expect(buckets('2026-10-30', '2026-11-10', 'week')).toEqual(['2026-10-26', '2026-11-02', '2026-11-09']);
    expect(buckets('2026-11-30', '2027-01-02', 'month')).toEqual(['2026-11-01', '2026-12-01', '2027-01-01']);
  });

  it('the steps of a statistics period are days, weeks or months', () => {
    const starts = (bucket: BucketSize) => buckets('2026-01-01', '2026-03-01', bucket).length;
    expect(bucketSizes.map((bucket) => [bucket, starts(bucket)])).toEqual([
      ['day', 59],
      ['week', 9],
      ['month', 2],
    ]);
  });

  it('a week begins on Monday, also for what happens on a Sunday', () => {
    expect(buckets('2026-11-01', '2026-11-03', 'week')).toEqual(['2026-10-26', '2026-11-02']);
    expect(buckets('2026-11-02', '2026-11-09', 'week')).toEqual(['2026-11-02']);
  });

  it('a field of a form that was left empty asks for nothing', () => {
    expect(parsePeriod({ from: '', to: '' }, now)).toEqual(parsePeriod({}, now));
  });

  it.each([
    ['day', '2026-01-01', 400],
    ['week', '2026-01-01', 2800],
    ['month', '2026-01-01', 11_200],
  ] as const)('a statistics period has at most 400 steps of a %s', (bucket, from, days) => {
    const to = new Date(Date.parse(from) + days * 86_400_000);
    const period = (end: Date) => parsePeriod({ from, to: end.toISOString(), bucket }, now);
    expect(period(to)).toEqual({ from: new Date(from), to, bucket, timeZone: 'UTC' });
    expect(fieldsOf(() => period(new Date(to.getTime() + 900_000)))).toEqual([
      { path: 'bucket', message: 'at most 400 steps: choose larger steps or a shorter period' },
    ]);
  });

  it('a statistics period has the days of its time zone, also where the clocks change', () => {
    const berlin = (from: string, to: string) => parsePeriod({ from, to, timeZone: 'Europe/Berlin' }, now);
    expect(berlin('2026-10-25', '2026-10-26')).toMatchObject({
      from: new Date('2026-10-24T22:00:00Z'),
      to: new Date('2026-10-25T23:00:00Z'),
    });
    expect(bucketDates(berlin('2026-10-24', '2026-10-27'))).toEqual([
      '2026-10-24',
      '2026-10-25',
      '2026-10-26',
    ]);
    expect(parsePeriod({ timeZone: 'Pacific/Auckland' }, now).to).toEqual(new Date('2026-11-05T11:00:00Z'));
  });

  it('a moment stands for the quarter of an hour that it lies in', () =>
    expect(parsePeriod({ from: '2026-11-01T09:29:59Z', to: '2026-11-01T09:30:00Z' }, now)).toMatchObject({
      from: new Date('2026-11-01T09:15:00Z'),
      to: new Date('2026-11-01T09:30:00Z'),
    }));

  it('the period before has as many days, also where one of them is longer', () => {
    const period = parsePeriod({ from: '2026-10-26', to: '2026-10-28', timeZone: 'Europe/Berlin' }, now);
    expect(periodBefore(period)).toMatchObject({ from: new Date('2026-10-23T22:00:00Z'), to: period.from });
    const hours = parsePeriod({ from: '2026-10-26T06:00:00Z', to: '2026-10-26T18:00:00Z' }, now);
    expect(periodBefore(hours).from).toEqual(new Date('2026-10-25T18:00:00Z'));
  });

  it('a statistics period lies between 2000 and 2200', () => {
    const month = (from: string, to: string) => () => parsePeriod({ from, to }, now);
    expect(month('2000-01-01', '2000-02-01')).not.toThrow();
    expect(month('2199-12-01', '2199-12-31T23:59:59.999Z')).not.toThrow();
    expect(fieldsOf(month('1999-12-31T23:59:59.999Z', '2000-02-01'))).toHaveLength(1);
    expect(fieldsOf(month('2199-12-01', '2200-01-01'))).toHaveLength(1);
  });

  it('what is wrong with a statistics period is said by field', () => {
    const message = 'must be a date such as 2026-11-01, or a date and time with a time zone';
    expect(fieldsOf(() => parsePeriod({ from: 'yesterday' }, now))).toEqual([
      { path: 'from', message: `from ${message}` },
    ]);
    expect(fieldsOf(() => parsePeriod({ to: '2026-02-30' }, now))).toEqual([
      { path: 'to', message: `to ${message}` },
    ]);
    expect(fieldsOf(() => parsePeriod({ from: '2026-11-02', to: '2026-11-01' }, now))).toEqual([
      { path: 'from', message: 'from must be before to' },
    ]);
  });

  it.each([
    { from: 'yesterday' },
    { from: '2026-13-01' },
    { to: '2026-11-01T10:00' },
    { from: '2026-11-02', to: '2026-11-02' },
    { from: '2000-01-01' },
    { from: '0001-01-01' },
  ])('%j is refused', (asked) => {
    expect(() => parsePeriod(asked, now)).toThrow(expect.objectContaining({ code: 'request.invalid' }));
  });
});
