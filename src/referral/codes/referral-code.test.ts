import { expect, it } from 'vitest';
import { parseVanityCode } from './referral-code.js';

it.each([
  ['anna', 'ANNA'],
  [' Anna-Meier ', 'ANNA-MEIER'],
  ['run4fun', 'RUN4FUN'],
  ['scunthorpe', 'SCUNTHORPE'],
  ['essex', 'ESSEX'],
])('%p is the code %p', (text, code) => expect(parseVanityCode(text)).toBe(code));

it.each(['ab', 'a'.repeat(25), 'a--b', '-ab', 'ab-', 'a b c', 'ännä', ''])(
  '%p has no shape of a code',
  (text) => expect(() => parseVanityCode(text)).toThrow('3 to 24'),
);

it.each(['admin', 'TwoFold', 'fuck', 'f-u-c-k', 'fuckyou', 'sh1t', 'arschl0ch', 'hitler88'])(
  '%p is refused',
  (text) => expect(() => parseVanityCode(text)).toThrow('choose another'),
);
