import { Injectable } from '@nestjs/common';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { Secrets } from '../../platform/security/secrets.js';
import { codeKey } from './referral-code.js';

const purpose = 'erased_code';

/** What {@link ErasedCodes} may have stored of `code`, under each key that is in use. */
export function erasedCodeHashes(secrets: Secrets, code: string): Buffer[] {
  return secrets.hashes(purpose, codeKey(code));
}

/**
 * The codes that erased people had chosen. A code may be a name, so only its keyed hash is kept; links to it are out in the
 * world, so no one else ever gets it.
 */
@Injectable()
export class ErasedCodes {
  constructor(private readonly secrets: Secrets) {}

  /** Keeps `codes` taken for good, in the transaction that erases them. Idempotent. */
  async add(tx: Tx, codes: readonly string[]): Promise<void> {
    await tx.query(
      `INSERT INTO referral.erased_code (code_hash) SELECT unnest($1::bytea[]) ON CONFLICT DO NOTHING`,
      [codes.map((code) => this.secrets.hash(purpose, codeKey(code)))],
    );
  }

  /** Whether an erased person had `code`. A statement of its own: after a wait for the erasure it sees it. */
  async contains(db: Queryable, code: string): Promise<boolean> {
    const rows = await db.query(`SELECT 1 FROM referral.erased_code WHERE code_hash = ANY($1)`, [
      erasedCodeHashes(this.secrets, code),
    ]);
    return rows.length > 0;
  }
}
