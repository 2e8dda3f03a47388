import { describe, expect, it } from 'vitest';
import { bucketStarts, parsePeriod, type BucketSize } from './period.js';

const now = new Date('2026-11-04T15:00:00Z'); // a Wednesday
const buckets = (from: string, to: string, bucket: BucketSize) =>
  bucketStarts(parsePeriod({ from, to, bucket }, now)).map((at) => at.toISOString().slice(0, 10));

describe('a statistics period', () => {
  it('a statistics period is the last 30 days, today included, unless another is requested', () => {
    expect(parsePeriod({}, now)).toEqual({
      from: new Date('2026-10-06T00:00:00Z'),
      to: new Date('2026-11-05T00:00:00Z'),
      bucket: 'day',
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
