import { expect, it } from 'vitest';
import { showValue } from './show-value.js';

it.each([
  ['a plain value', 'ABC0DEFG', 'ABC0DEFG'],
  ['an address', 'anna@example.org', 'a•••@e•••.org'],
  ['control characters', 'a\u0000\u001b[31mb\r\nc', 'a\\u0000\\u001b[31mb\\u000d\\u000ac'],
  ['a change of direction', 'cus_\u202egpj', 'cus_\\u202egpj'],
  ['a key of Stripe', 'key sk_live_51Mv4Kq and whsec_abc', 'key sk_live_… and whsec_…'],
  ['a long value', 'x'.repeat(61), `${'x'.repeat(59)}…`],
  ['sixty characters', '🎁'.repeat(60), '🎁'.repeat(60)],
])('shows %s safely, also a second time', (_what, text, shown) => {
  expect(showValue(text)).toBe(shown);
  expect(showValue(shown)).toBe(shown);
});
