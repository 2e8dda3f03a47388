import type { ErrorCode } from '../../platform/errors.js';

/** How a code from an e-mail may be refused. */
export const codeProblems = [
  'auth.code_wrong',
  'auth.code_expired',
  'auth.too_many',
] as const satisfies ErrorCode[];
