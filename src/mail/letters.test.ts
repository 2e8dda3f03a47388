import { expect, it } from '@jest/globals';
import {
  addressChangedLetter,
  referredCreditedLetter,
  referrerCreditedLetter,
  signInCodeLetter,
} from './letters.js';

it('the code stands alone on its line, and in the subject', () => {
  const letter = signInCodeLetter('012345', 10);
  expect(letter.text).toMatch(/^012345$/m);
  expect(letter.subject).toContain('012345');
  expect(letter.text).toContain('10 minutes');
});

it('the reward is named by its days, for both sides', () => {
  expect(referrerCreditedLetter(45, 'a•••@e•••.org', 'http://x/settings').text).toContain(
    '45 days of paid access',
  );
  expect(referredCreditedLetter(1, 'http://x/settings').text).toContain('1 day of paid access');
});

it('what others typed is text in every letter, never markup', () => {
  const hostile = '<img src=x onerror=alert(1)>';
  for (const { html } of [
    referrerCreditedLetter(45, hostile, hostile),
    referredCreditedLetter(45, hostile),
    addressChangedLetter(hostile),
  ]) {
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img');
  }
});
