import { Injectable } from '@nestjs/common';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { Secrets } from '../../platform/secrets.js';
import { codeKey } from './code.js';

/**
 * The codes that erased people had chosen. A code may be a name, so only its keyed hash is kept; links to it are out in the
 * world, so no one else ever gets it.
 */
@Injectable()
export class ErasedCodes {
  constructor(private readonly secrets: Secrets) {}

  /** Keeps `codes` taken for good, in the transaction that erases them. Idempotent. */
  async remember(tx: Tx, codes: readonly string[]): Promise<void> {
    await tx.query(
      `INSERT INTO referral.erased_code (code_hash) SELECT unnest($1::bytea[]) ON CONFLICT DO NOTHING`,
      [codes.map((code) => this.secrets.hash('erased_code', codeKey(code)))],
    );
  }

  /** Whether an erased person had `code`. A statement of its own: after a wait for the erasure it sees it. */
  async includes(db: Queryable, code: string): Promise<boolean> {
    const rows = await db.query(`SELECT 1 FROM referral.erased_code WHERE code_hash = ANY($1)`, [
      this.secrets.hashes('erased_code', codeKey(code)),
    ]);
    return rows.length > 0;
  }
}
