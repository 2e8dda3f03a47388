import { Inject, Injectable } from '@nestjs/common';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import type { Role } from '../../platform/security/principal.js';
import { StaffInvitationsRepository } from '../staff/staff-invitations.repository.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { UsersRepository, type User } from './users.repository.js';

/** Who may do what. */
@Injectable()
export class UserRoles {
  constructor(
    private readonly usersRepository: UsersRepository,
    private readonly sessions: SessionsRepository,
    private readonly invitations: StaffInvitationsRepository,
    private readonly auditLog: AuditLog,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Makes an admin of a person listed in ADMIN_EMAILS, unless an admin took that away. Answers the
   * user as it is now.
   */
  async grantConfiguredAdmin(tx: Tx, user: User): Promise<User> {
    if (user.role === 'admin' || !this.config.adminEmails.includes(user.email)) return user;
    if (!(await this.usersRepository.grantAdmin(tx, user.id))) return user;
    this.auditRoleChange(tx, { userId: user.id, from: user.role, to: 'admin', by: { kind: 'system' } });
    return { ...user, role: 'admin' };
  }

  /**
   * Gives `userId` another role. Taking `admin` away holds against ADMIN_EMAILS; giving it again
   * lifts that. All their sessions end. Errors: `request.not_found`. Idempotent.
   */
  async setRole(tx: Tx, userId: string, role: Role, by: Actor): Promise<void> {
    const from = await this.usersRepository.lockRole(tx, userId);
    if (from === null) throw new DomainError('request.not_found');
    if (from === role) return;
    await this.usersRepository.updateRole(tx, userId, role);
    // an invitation of before would bring the old role back
    await this.invitations.deleteOf(tx, userId);
    // no session gains or keeps rights when the role changes: the user signs in again
    await this.sessions.revokeAll(tx, userId);
    this.auditRoleChange(tx, { userId, from, to: role, by });
  }

  private auditRoleChange(
    tx: Tx,
    { userId, from, to, by }: { userId: string; from: Role; to: Role; by: Actor },
  ): void {
    this.auditLog.record(tx, {
      action: 'auth.role_changed',
      actor: by,
      subjectId: userId,
      details: { from, to },
    });
  }
}
