import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { deleteInBatches } from '../../platform/database/batched-delete.js';
import { Database } from '../../platform/database/database.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import type { EmailAddress } from '../../platform/email-address.js';
import { StaffInvitationEntity } from './staff-invitation.entity.js';

/** An invitation that can be accepted. */
export interface OpenInvitation extends Pick<
  StaffInvitationEntity,
  'id' | 'role' | 'invitedBy' | 'createdAt' | 'expiresAt'
> {
  email: EmailAddress | null;
}

const columns = `id, email, role, invited_by AS "invitedBy", created_at AS "createdAt", expires_at AS "expiresAt"`;
/** One of an admin who is none any more does not count, nor the first admin's once there is one. */
const countsSql = `expires_at > $1 AND CASE
    WHEN email IS NULL THEN NOT EXISTS (SELECT FROM auth."user" WHERE role = 'admin' AND erased_at IS NULL)
    ELSE EXISTS (SELECT FROM auth."user" u WHERE u.id = invited_by AND u.role = 'admin')
  END`;

/** The invitations that wait to be accepted. */
@Injectable()
export class StaffInvitationsRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Puts an invitation in place of an earlier one for its address. */
  async replace(
    tx: Tx,
    { email, role, tokenHash, invitedBy, id, expiresAt }: Omit<StaffInvitationEntity, 'createdAt'>,
  ): Promise<void> {
    await tx.query(
      `INSERT INTO auth.staff_invitation (id, email, role, token_hash, invited_by, created_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (email) DO UPDATE SET id = excluded.id, role = excluded.role, token_hash = excluded.token_hash,
         invited_by = excluded.invited_by, created_at = excluded.created_at, expires_at = excluded.expires_at`,
      [id, email, role, tokenHash, invitedBy, this.clock.now(), expiresAt],
    );
  }

  /**
   * Makes the invitation of the first admin, unless one is there that has not expired. Concurrent
   * calls: one of them makes it.
   */
  async insertFirstAdmin(
    tx: Tx,
    { id, tokenHash, expiresAt }: Pick<StaffInvitationEntity, 'id' | 'tokenHash' | 'expiresAt'>,
  ): Promise<boolean> {
    const now = this.clock.now();
    await tx.query(`DELETE FROM auth.staff_invitation WHERE email IS NULL AND expires_at <= $1`, [now]);
    const rows: unknown[] = await tx.query(
      `INSERT INTO auth.staff_invitation (id, role, token_hash, created_at, expires_at)
       VALUES ($1, 'admin', $2, $3, $4) ON CONFLICT DO NOTHING RETURNING id`,
      [id, tokenHash, now, expiresAt],
    );
    return rows.length === 1;
  }

  /** Deletes the invitation of the first admin. */
  async deleteFirstAdmin(tx: Tx): Promise<void> {
    await tx.query(`DELETE FROM auth.staff_invitation WHERE email IS NULL`);
  }

  /** The invitation of a token that still counts, or null. */
  async find(tokenHashes: Buffer[], db: Queryable = this.database): Promise<OpenInvitation | null> {
    const rows = await db.query<OpenInvitation>(
      `SELECT ${columns} FROM auth.staff_invitation WHERE token_hash = ANY($2) AND ${countsSql}`,
      [this.clock.now(), tokenHashes],
    );
    return rows[0] ?? null;
  }

  /** Uses an invitation up; null for none that counts. Concurrent calls: one of them has it. */
  async take(tx: Tx, tokenHashes: Buffer[]): Promise<OpenInvitation | null> {
    const [rows]: [OpenInvitation[], number] = await tx.query(
      `DELETE FROM auth.staff_invitation WHERE token_hash = ANY($2) AND ${countsSql} RETURNING ${columns}`,
      [this.clock.now(), tokenHashes],
    );
    return rows[0] ?? null;
  }

  /** Deletes the invitation of a person's address. */
  async deleteOf(tx: Tx, userId: string): Promise<void> {
    await tx.query(
      `DELETE FROM auth.staff_invitation WHERE email = (SELECT email FROM auth."user" WHERE id = $1)`,
      [userId],
    );
  }

  /** At most `limit` that count and have an address, the newest first. */
  list(limit: number, db: Queryable = this.database): Promise<OpenInvitation[]> {
    return db.query<OpenInvitation>(
      `SELECT ${columns} FROM auth.staff_invitation WHERE email IS NOT NULL AND ${countsSql}
       ORDER BY id DESC LIMIT $2`,
      [this.clock.now(), limit],
    );
  }

  /** Deletes an invitation; false when it is not there any more. */
  async delete(tx: Tx, id: string): Promise<boolean> {
    const { affected } = await tx.delete(StaffInvitationEntity, { id });
    return affected === 1;
  }

  /** Deletes the invitations that ended at `time` or before. */
  async deleteUntil(time: Date): Promise<void> {
    await deleteInBatches(this.database, 'auth.staff_invitation', 'expires_at <= $1', [time]);
  }
}
