import { createRequire } from 'node:module';
import { DomainError } from '../../platform/errors.js';
import { invalidRequest } from '../../platform/http/validation.js';

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
/** Shorter words stand inside of honest ones: Scunthorpe, Essex. */
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
 * A code as a person chose it, in its one spelling: upper case. 3 to 24 letters and digits, with single hyphens inside.
 * Errors: `request.invalid` for another shape; `referral.code_refused` for words that are reserved or offend.
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
