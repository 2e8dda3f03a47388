import { randomBytes } from 'node:crypto';

/** How many codes a person has. */
export const recoveryCodeCount = 10;
/** 32 letters and digits, without those that look alike. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
const letters = 16;
const codePattern = new RegExp(`^[${alphabet}]{${letters}}$`);

/** New codes as people write them down: 4 groups of 4, about 79 bits. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: recoveryCodeCount }, newRecoveryCode);
}

/** A code in the spelling that is hashed, however it was typed; null for what is none. */
export function normalizeRecoveryCode(typed: string): string | null {
  const code = typed.toLowerCase().replaceAll(/[\s-]/g, '');
  return codePattern.test(code) ? code : null;
}

function newRecoveryCode(): string {
  let code = '';
  while (code.length < letters)
    for (const byte of randomBytes(letters)) {
      // only whole multiples of the alphabet, so that no character comes more often
      if (byte < Math.floor(256 / alphabet.length) * alphabet.length)
        code += alphabet[byte % alphabet.length];
    }
  return (code.slice(0, letters).match(/.{4}/g) ?? []).join('-');
}
