import { expect, it } from 'vitest';
import { getTranslator } from '../i18n/translations.js';
import { formatDays, formatSignedDays, formatBytes, formatWait } from './format.js';

const [english, german] = [getTranslator('en'), getTranslator('de')];

it('what stands on an account is named with a plus', () => {
  expect(english('duration.daysOnAccount', { days: 90 })).toBe('+90 days on your account');
  expect(german('duration.daysOnAccount', { days: 1 })).toBe('+1 Tag auf Ihrem Konto');
});

it.each([
  [45, '45 days'],
  [44.99, '45 days'],
  [44.4, '44 days'],
  [1, '1 day'],
  [0.99, '1 day'],
  [0.5, '12 hours'],
  [0.001, '0 days'],
  [-44.99, '45 days'],
])('%p days are counted as %p', (days, words) => expect(formatDays(english, days)).toBe(words));

it.each([
  [45, '+45 days'],
  [-44.99, '−45 days'],
  [-0.25, '−6 hours'],
  [-0.0001, '0 days'],
  [-0, '0 days'],
])('%p days as a change are %p', (days, words) => expect(formatSignedDays(english, days)).toBe(words));

it('changes are written in other languages, too', () => {
  expect(formatSignedDays(german, -12.3456)).toBe('−12 Tage');
});

it('sizes and waits are said in the unit that people use', () => {
  expect([999, 1_000, 81_234, 1_048_576].map(formatBytes)).toEqual(['999 B', '1.0 kB', '81.2 kB', '1.0 MB']);
  expect([0, 1, 59, 61, 3_600].map((seconds) => formatWait(english, seconds))).toEqual([
    '1 second',
    '1 second',
    '59 seconds',
    '2 minutes',
    '1 hour',
  ]);
});
