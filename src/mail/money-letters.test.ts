import { expect, it } from '@jest/globals';
import { creditReturnedLetter, creditTakenLetter, paymentFailedLetter } from './money-letters.js';

const settingsUrl = 'http://x/settings#credit';
const occasion = { kind: 'invitation', friend: 'b•••@e•••.org' } as const;
const taken = { days: 45, occasion, why: 'Because.', next: 'Nothing.', isSuspended: false, settingsUrl };

it('says how much was taken, for what, why, and what happens next', () => {
  const { subject, text } = creditTakenLetter(taken);
  expect(subject).toBe('Your credit for inviting b•••@e•••.org was taken back');
  expect(text).toContain('45 days of paid access for inviting b•••@e•••.org were taken');
  expect(text).toContain('\n\nBecause.\n\nNothing.\n\n');
  expect(text).toContain(settingsUrl);
  expect(creditTakenLetter({ ...taken, isSuspended: true }).subject).toContain('is on hold');
});

it.each([
  [45, '45 days'],
  [44.96, '45 days'],
  [44.9, '44.9 days'],
  [1, '1 day'],
  [0.5, '12 hours'],
  [0.001, '1 hour'],
])('%p days are %p', (days, words) =>
  expect(creditReturnedLetter({ ...taken, days }).text).toContain(`${words} of paid access`),
);

it('tells a declined card from one that wants to be confirmed', () => {
  expect(paymentFailedLetter(false, settingsUrl).text).toContain('declined');
  expect(paymentFailedLetter(true, settingsUrl).subject).toContain('confirm');
});

it('what others typed is text, never markup', () => {
  const hostile = '<img src=x onerror=alert(1)>';
  const { html } = creditTakenLetter({ ...taken, occasion: { kind: 'invitation', friend: hostile } });
  expect(html).not.toContain('<img');
  expect(html).toContain('&lt;img');
});
