import { randomInt } from 'node:crypto';
import { createRequire } from 'node:module';
import { DomainError } from '../../platform/errors.js';
import { invalidRequest } from '../../platform/http/validation.js';

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

/** Characters of what is taken for a code at all: codes of other tools are longer. */
export const maxCodeLength = 100;

const outsideAlphabet = new RegExp(`[^${codeAlphabet}]`, 'g');

/** A new code from a cryptographic source, without modulo bias and without unfortunate words. */
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

/**
 * What makes two codes the same, however they are written: `KAI-C83` and `kaic83` have one key. In
 * SQL: `referral.code_key`.
 */
export function codeKey(text: string): string {
  return text.toUpperCase().replace(/[^A-Z0-9]/g, '');
}

// without types of its own
const wordsByLanguage = createRequire(import.meta.url)('naughty-words') as Record<string, string[]>;

/** Letters and digits that people type for other ones. */
const lookalikes: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
};

const offensiveWords = new Set(
  Object.values(wordsByLanguage)
    .flat()
    .map((word) => foldLookalikes(word))
    .filter((word) => /^[a-z]{3,}$/.test(word)),
);
/** Shorter words are part of harmless ones: Scunthorpe, Essex. */
const minLengthInsideWord = 6;
const alwaysOffensiveWords = ['fuck', 'nazi', 'hitler', 'nigg', 'fick'];

/** What could be taken for us, or for a page of this site. */
const reservedWords = new Set([
  ...[
    'admin',
    'administrator',
    'api',
    'login',
    'logout',
    'verify',
    'settings',
    'pricing',
    'support',
    'help',
    'team',
  ],
  ...[
    'twofold',
    'stripe',
    'official',
    'staff',
    'root',
    'system',
    'moderator',
    'security',
    'billing',
    'test',
    'null',
  ],
  ...[
    'undefined',
    'free',
    'code',
    'ref',
    'referral',
    'invite',
    'unsubscribe',
    'health',
    'metrics',
    'webhooks',
    'dev',
  ],
]);

/**
 * A code as a person chose it, in its one spelling: upper case. 3 to 24 letters and digits, with
 * single hyphens inside.
 * Errors: `request.invalid` for another shape; `referral.code_refused` for words that are reserved
 * or offend.
 */
export function parseVanityCode(text: string): string {
  const code = text.trim().toUpperCase();
  if (code.length < 3 || code.length > 24 || !/^[A-Z0-9]+(-[A-Z0-9]+)*$/.test(code))
    throw invalidRequest([
      { path: 'code', message: 'A code has 3 to 24 letters and digits, and single hyphens between them.' },
    ]);
  if (reservedWords.has(code.toLowerCase()) || isOffensive(code))
    throw new DomainError('referral.code_refused', {
      detail: 'That word is reserved or may offend people. Please choose another code.',
    });
  return code;
}

function isOffensive(code: string): boolean {
  const parts = code.split('-').map(foldLookalikes);
  const joined = parts.join('');
  if ([...parts, joined].some((part) => offensiveWords.has(part))) return true;
  if (alwaysOffensiveWords.some((word) => joined.includes(word))) return true;
  return [...offensiveWords].some((word) => word.length >= minLengthInsideWord && joined.includes(word));
}

function foldLookalikes(text: string): string {
  return [...text.toLowerCase()].map((letter) => lookalikes[letter] ?? letter).join('');
}
