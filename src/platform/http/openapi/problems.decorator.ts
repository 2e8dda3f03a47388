import { SetMetadata } from '@nestjs/common';
import type { ErrorCode } from '../../errors.js';

export const PROBLEMS_METADATA = Symbol('problems');

/**
 * Names the problems that a route may answer, for the description of the API. What follows from the
 * route itself (who may use it, its body, its query, its `Idempotency-Key`) is added by
 * describe-api.ts.
 */
export const Problems = (...codes: ErrorCode[]) => SetMetadata(PROBLEMS_METADATA, codes);
