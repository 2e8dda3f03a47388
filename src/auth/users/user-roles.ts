import { Inject, Injectable } from '@nestjs/common';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import type { Role } from '../../platform/security/principal.js';
import type { User } from './user.js';

/** Who may do what. */
@Injectable()
export class UserRoles {
  constructor(
    private readonly auditLog: AuditLog,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Makes an admin of a person listed in ADMIN_EMAILS, unless an admin took that away. Answers the user as it is now. */
  async grantConfiguredAdmin(tx: Tx, user: User): Promise<User> {
    if (user.role === 'admin' || !this.config.adminEmails.includes(user.email)) return user;
    const [, changed]: [unknown[], number] = await tx.query(
      `UPDATE auth."user" SET role = 'admin' WHERE id = $1 AND NOT admin_revoked AND role <> 'admin'`,
      [user.id],
    );
    if (changed === 0) return user;
    await this.auditRoleChange(tx, { userId: user.id, from: user.role, to: 'admin', by: { kind: 'system' } });
    return { ...user, role: 'admin' };
  }

  /**
   * Gives `userId` another role. Taking `admin` away holds against ADMIN_EMAILS; giving it again lifts that.
   * All their sessions end. Errors: `request.not_found`. Idempotent.
   */
  async setRole(tx: Tx, userId: string, role: Role, by: Actor): Promise<void> {
    const rows: { role: Role }[] = await tx.query(
      `SELECT role FROM auth."user" WHERE id = $1 AND erased_at IS NULL FOR NO KEY UPDATE`,
      [userId],
    );
    const from = rows[0]?.role;
    if (from === undefined) throw new DomainError('request.not_found');
    if (from === role) return;
    await tx.query(
      `UPDATE auth."user" SET role = $2, admin_revoked = $2 <> 'admin' AND (admin_revoked OR role = 'admin') WHERE id = $1`,
      [userId, role],
    );
    // a session that was opened for little should not suddenly be worth much, nor linger when trust was taken away
    await tx.query(`DELETE FROM auth.session WHERE user_id = $1`, [userId]);
    await this.auditRoleChange(tx, { userId, from, to: role, by });
  }

  private async auditRoleChange(
    tx: Tx,
    { userId, from, to, by }: { userId: string; from: Role; to: Role; by: Actor },
  ): Promise<void> {
    this.auditLog.record(tx, {
      action: 'auth.role_changed',
      actor: by,
      subjectId: userId,
      details: { from, to },
    });
  }
}
