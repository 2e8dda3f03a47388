import type { ErrorCode } from '../../platform/errors.js';

/** Why a referral that is added later may be refused. */
export const linkProblems = [
  'referral.programme_paused',
  'referral.code_unknown',
  'referral.own_code',
  'referral.already_linked',
  'referral.claim_after_payment',
  'request.not_found',
] as const satisfies ErrorCode[];
