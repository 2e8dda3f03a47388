import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { deleteInBatches } from '../../platform/database/batched-delete.js';
import { Database } from '../../platform/database/database.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { AuthenticatorAppEntity } from './authenticator-app.entity.js';
import { PasskeyEntity } from './passkey.entity.js';
import { RecoveryCodeEntity } from './recovery-code.entity.js';

/** What a person has: their passkeys, the oldest first, when an app was added, and codes left. */
export interface SecondFactors {
  passkeys: Pick<PasskeyEntity, 'id' | 'name' | 'createdAt' | 'lastUsedAt'>[];
  appSince: Date | null;
  recoveryCodesLeft: number;
}

/** A passkey as WebAuthn names and checks it. */
export type PasskeyCredential = Pick<
  PasskeyEntity,
  'id' | 'credentialId' | 'publicKey' | 'transports' | 'name'
>;

/** The passkeys, apps and recovery codes of people, and which proofs were used. */
@Injectable()
export class SecondFactorsRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** What `userId` has. */
  async find(userId: string, db: Queryable = this.database): Promise<SecondFactors> {
    const passkeys = await db.query<SecondFactors['passkeys'][number]>(
      `SELECT id, name, created_at AS "createdAt", last_used_at AS "lastUsedAt" FROM auth.passkey
       WHERE user_id = $1 ORDER BY id`,
      [userId],
    );
    const [others] = await db.query<{ appSince: Date | null; recoveryCodesLeft: number }>(
      `SELECT (SELECT created_at FROM auth.authenticator_app WHERE user_id = $1) AS "appSince",
         (SELECT count(*)::integer FROM auth.recovery_code WHERE user_id = $1) AS "recoveryCodesLeft"`,
      [userId],
    );
    return {
      passkeys,
      appSince: others?.appSince ?? null,
      recoveryCodesLeft: others?.recoveryCodesLeft ?? 0,
    };
  }

  /** Locks a person's factors: who adds or removes one waits for the other. */
  async lock(tx: Tx, userId: string): Promise<void> {
    await tx.query(`SELECT 1 FROM auth."user" WHERE id = $1 FOR NO KEY UPDATE`, [userId]);
  }

  /** The passkeys of `userId`, as WebAuthn checks them. */
  findCredentials(userId: string): Promise<PasskeyCredential[]> {
    return this.database.query<PasskeyCredential>(
      `SELECT id, credential_id AS "credentialId", public_key AS "publicKey", transports, name
       FROM auth.passkey WHERE user_id = $1 ORDER BY id`,
      [userId],
    );
  }

  /** Errors: the constraint `passkey_credential_is_unique`. */
  async insertPasskey(tx: Tx, passkey: Omit<PasskeyEntity, 'lastUsedAt'>): Promise<void> {
    await tx.insert(PasskeyEntity, passkey);
  }

  /**
   * Notes a use of a passkey; false for a counter that is not above the newest one, which comes
   * from a copy. Passkeys that do not count send 0 each time.
   */
  async recordPasskeyUse(tx: Tx, id: string, signCount: number): Promise<boolean> {
    const [, changed]: [unknown[], number] = await tx.query(
      `UPDATE auth.passkey SET sign_count = $2, last_used_at = $3
       WHERE id = $1 AND (sign_count < $2 OR (sign_count = 0 AND $2 = 0))`,
      [id, signCount, this.clock.now()],
    );
    return changed === 1;
  }

  /** Removes a passkey of `userId`; answers its name, null when they have no such one. */
  async deletePasskey(tx: Tx, userId: string, id: string): Promise<string | null> {
    const [rows]: [{ name: string }[], number] = await tx.query(
      `DELETE FROM auth.passkey WHERE user_id = $1 AND id = $2 RETURNING name`,
      [userId, id],
    );
    return rows[0]?.name ?? null;
  }

  /** The app of `userId`; null for none. */
  findApp(userId: string, db: Queryable = this.database): Promise<AuthenticatorAppEntity | null> {
    return db
      .query<AuthenticatorAppEntity>(
        `SELECT user_id AS "userId", sealed_secret AS "sealedSecret", created_at AS "createdAt"
         FROM auth.authenticator_app WHERE user_id = $1`,
        [userId],
      )
      .then(([app]) => app ?? null);
  }

  /** Adds an app; false when they have one. */
  async insertApp(tx: Tx, userId: string, sealedSecret: string): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `INSERT INTO auth.authenticator_app (user_id, sealed_secret, created_at) VALUES ($1, $2, $3)
       ON CONFLICT DO NOTHING RETURNING user_id`,
      [userId, sealedSecret, this.clock.now()],
    );
    return rows.length === 1;
  }

  /** Removes the app; false when there was none. */
  async deleteApp(tx: Tx, userId: string): Promise<boolean> {
    const { affected } = await tx.delete(AuthenticatorAppEntity, { userId });
    return affected === 1;
  }

  /** Puts these codes in place of all earlier ones. */
  async replaceRecoveryCodes(tx: Tx, userId: string, codeHashes: Buffer[]): Promise<void> {
    await tx.delete(RecoveryCodeEntity, { userId });
    await tx.query(`INSERT INTO auth.recovery_code (user_id, code_hash) SELECT $1, unnest($2::bytea[])`, [
      userId,
      codeHashes,
    ]);
  }

  /**
   * Uses a recovery code up; false when it is none, or was used before. Concurrent calls: the first
   * one wins.
   */
  async useRecoveryCode(tx: Tx, userId: string, codeHashes: Buffer[]): Promise<boolean> {
    const [, deleted]: [unknown[], number] = await tx.query(
      `DELETE FROM auth.recovery_code WHERE user_id = $1 AND code_hash = ANY($2)`,
      [userId, codeHashes],
    );
    return deleted === 1;
  }

  /**
   * Uses a proof up; false when it was used before. Concurrent calls: the others wait for the first
   * to commit.
   */
  async useProof(tx: Tx, proof: string, expiresAt: Date): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `INSERT INTO auth.used_proof (proof_hash, expires_at) VALUES ($1, $2)
       ON CONFLICT DO NOTHING RETURNING expires_at`,
      [createHash('sha256').update(proof).digest(), expiresAt],
    );
    return rows.length === 1;
  }

  /** Removes all that `userId` has. */
  async deleteAll(tx: Tx, userId: string): Promise<void> {
    await tx.delete(PasskeyEntity, { userId });
    await tx.delete(AuthenticatorAppEntity, { userId });
    await tx.delete(RecoveryCodeEntity, { userId });
  }

  /** Deletes the used proofs that expired at `time` or before. */
  async deleteProofsUntil(time: Date): Promise<void> {
    await deleteInBatches(this.database, 'auth.used_proof', 'expires_at <= $1', [time]);
  }
}
