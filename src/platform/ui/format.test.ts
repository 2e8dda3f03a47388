import { expect, it } from 'vitest';
import { getTranslator } from '../i18n/translations.js';
import { formatSignedDays, formatBytes, formatWait } from './format.js';

const [english, german] = [getTranslator('en'), getTranslator('de')];

it('what stands on an account is named with a plus', () => {
  expect(english('duration.daysOnAccount', { days: 90 })).toBe('+90 days on your account');
  expect(german('duration.daysOnAccount', { days: 1 })).toBe('+1 Tag auf Ihrem Konto');
});

it('days that were given or taken carry their sign, and at most two decimals', () => {
  expect(formatSignedDays(english, 45)).toBe('+45 days');
  expect(formatSignedDays(english, -1)).toBe('−1 day');
  expect(formatSignedDays(english, -12.3456)).toBe('−12.35 days');
  expect(formatSignedDays(german, -12.3456)).toBe('−12,35 Tage');
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
