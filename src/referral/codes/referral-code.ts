import { randomInt } from 'node:crypto';

/** Letters and digits that cannot be mistaken for one another: no 0/O, no 1/I/L. 31 of them. */
export const codeAlphabet = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
/** Characters in a code: 31^8 ≈ 8.5e11 codes. */
export const codeLength = 8;

/** Letter sequences that are hard to dictate. */
const offensiveSequences = [
  'ASS',
  'CUNT',
  'DAMN',
  'DYKE',
  'FAG',
  'FUCK',
  'FUK',
  'HURE',
  'KKK',
  'NAZ',
  'NEGER',
  'RAPE',
  'SEX',
  'SH2T',
  'SS88',
  'TWAT',
  'WANK',
];

const outsideAlphabet = new RegExp(`[^${codeAlphabet}]`, 'g');

/** A fresh code from a cryptographic source, without modulo bias and without unfortunate words. */
export function generateCode(): string {
  for (;;) {
    const code = Array.from({ length: codeLength }, () => codeAlphabet[randomInt(codeAlphabet.length)]).join(
      '',
    );
    if (!offensiveSequences.some((word) => code.includes(word))) return code;
  }
}

/**
 * What a person typed or pasted, as a code: upper-cased, everything outside the alphabet dropped.
 * Null unless exactly eight characters remain.
 */
export function normaliseCode(text: string): string | null {
  const code = text.trim().toUpperCase().replace(outsideAlphabet, '');
  return code.length === codeLength ? code : null;
}

/** What makes two codes the same, however they are written: `KAI-C83` and `kaic83` have one key. In SQL: `referral.code_key`. */
export function codeKey(text: string): string {
  return text.toUpperCase().replace(/[^A-Z0-9]/g, '');
}
