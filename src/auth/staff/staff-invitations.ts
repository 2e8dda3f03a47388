import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { SealedStaffInvitation } from '../../notifications/index.js';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { addMs, dayMs } from '../../platform/durations.js';
import type { EmailAddress } from '../../platform/email-address.js';
import { DomainError } from '../../platform/errors.js';
import { invalidField } from '../../platform/http/validation.js';
import { newId } from '../../platform/ids.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import type { Principal } from '../../platform/security/principal.js';
import { Secrets } from '../../platform/security/secrets.js';
import type { StaffInvited } from '../auth.events.js';
import { SessionService, type OpenedSession } from '../sessions/session.service.js';
import type { ClientInfo } from '../sign-in/requester.js';
import { UserRoles } from '../users/user-roles.js';
import { UsersRepository } from '../users/users.repository.js';
import type { StaffRole } from './staff-invitation.entity.js';
import { StaffInvitationsRepository, type OpenInvitation } from './staff-invitations.repository.js';

export const invitationDays = 7;
const firstAdminLinkMs = dayMs;
const maxOpenInvitations = 50;

/** A link that makes the first admin, or that a command prints one. */
export type FirstAdminOffer = { link: string } | 'by_command';

/** Invites people to the staff, by a link in an email that counts once and for one address. */
@Injectable()
export class StaffInvitations {
  // eslint-disable-next-line max-params -- an invitation ends in a role, a session and the audit log
  constructor(
    private readonly invitations: StaffInvitationsRepository,
    private readonly users: UsersRepository,
    private readonly roles: UserRoles,
    private readonly sessions: SessionService,
    private readonly secrets: Secrets,
    private readonly auditLog: AuditLog,
    private readonly outbox: Outbox,
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The invitations that wait, the newest first. */
  list(): Promise<OpenInvitation[]> {
    return this.invitations.list(maxOpenInvitations);
  }

  /**
   * Invites an address by an email, in the language of the admin. An earlier invitation of the
   * address ends. Errors: `request.invalid` for a person who has the role, or for too many.
   */
  async invite(
    tx: Tx,
    { email, role }: { email: EmailAddress; role: StaffRole },
    by: Pick<Principal, 'userId' | 'locale'>,
  ): Promise<void> {
    const user = await this.users.findByEmail(email, tx);
    if (user?.role === role || user?.role === 'admin') throw invalidField('email', 'staff.problem.hasRole');
    if ((await this.invitations.list(maxOpenInvitations, tx)).length >= maxOpenInvitations)
      throw invalidField('email', 'staff.problem.tooMany');
    const id = newId(this.clock);
    const token = newToken();
    await this.invitations.replace(tx, {
      ...{ id, email, role, invitedBy: by.userId },
      tokenHash: this.secrets.hash('staff_invitation', token),
      expiresAt: addMs(this.clock.now(), invitationDays * dayMs),
    });
    this.auditLog.record(tx, {
      action: 'auth.staff_invited',
      actor: { kind: 'admin', id: by.userId },
      details: { invitationId: id, role },
    });
    const content: SealedStaffInvitation = {
      ...{ email, role, url: this.linkOf(token), days: invitationDays, locale: by.locale },
    };
    const event: StaffInvited = {
      name: 'auth.staff_invited',
      invitationId: id,
      sealed: this.secrets.seal('sealed_event', JSON.stringify(content)),
    };
    this.outbox.publish(tx, event);
  }

  /** Takes an invitation back. Errors: `request.not_found` for one that was accepted or ended. */
  async revoke(tx: Tx, id: string, by: Actor): Promise<void> {
    if (!(await this.invitations.delete(tx, id))) throw new DomainError('request.not_found');
    this.auditLog.record(tx, {
      action: 'auth.staff_invitation_revoked',
      actor: by,
      details: { invitationId: id },
    });
  }

  /** The invitation of a token. Errors: `auth.staff_invitation_gone`. */
  async find(token: string): Promise<OpenInvitation> {
    const invitation = await this.invitations.find(this.hashesOf(token));
    if (invitation === null) throw new DomainError('auth.staff_invitation_gone');
    return invitation;
  }

  /**
   * Makes staff of `me`, who has just proven their address, and opens a session with the new role
   * in place of all others. Errors: `auth.staff_invitation_gone`;
   * `auth.staff_invitation_of_another`; `auth.sso_needs_code` for who came by a link of another
   * product.
   */
  async accept(token: string, me: Principal, client: ClientInfo): Promise<OpenedSession> {
    if (!me.provesEmail) throw new DomainError('auth.sso_needs_code');
    return this.database.transaction(async (tx) => {
      const invitation = await this.invitations.take(tx, this.hashesOf(token));
      if (invitation === null) throw new DomainError('auth.staff_invitation_gone');
      const { id, email, role, invitedBy } = invitation;
      if (email !== null && email !== me.email) throw new DomainError('auth.staff_invitation_of_another');
      this.auditLog.record(tx, {
        action: 'auth.staff_invitation_accepted',
        actor: { kind: 'user', id: me.userId },
        subjectId: me.userId,
        details: { invitationId: id, role },
      });
      const by: Actor = invitedBy === null ? { kind: 'operator' } : { kind: 'admin', id: invitedBy };
      if (me.role !== 'admin') await this.roles.setRole(tx, me.userId, role, by);
      return this.sessions.open(tx, { userId: me.userId, isNew: false, provesEmail: me.provesEmail }, client);
    });
  }

  /**
   * How the first admin comes, for the greeting of a process: null where there is an admin, where
   * ADMIN_EMAILS names one to come, or where a link that was shown before has not expired. In
   * production what a process prints is kept in logs that others read, so the link is made by the
   * command only.
   */
  async offerFirstAdmin(): Promise<FirstAdminOffer | null> {
    if (this.config.adminEmails.length > 0 || (await this.hasAdmin())) return null;
    if (this.config.production) return 'by_command';
    const link = await this.database.transaction((tx) => this.createFirstAdminLink(tx));
    return link === null ? null : { link };
  }

  /** A new link of the first admin; earlier ones end. Null where there is an admin. */
  async renewLink(): Promise<string | null> {
    if (await this.hasAdmin()) return null;
    return this.database.transaction(async (tx) => {
      await this.invitations.deleteFirstAdmin(tx);
      return this.createFirstAdminLink(tx);
    });
  }

  private async createFirstAdminLink(tx: Tx): Promise<string | null> {
    const token = newToken();
    const isMade = await this.invitations.insertFirstAdmin(tx, {
      id: newId(this.clock),
      tokenHash: this.secrets.hash('staff_invitation', token),
      expiresAt: addMs(this.clock.now(), firstAdminLinkMs),
    });
    return isMade ? this.linkOf(token) : null;
  }

  private async hasAdmin(): Promise<boolean> {
    return (await this.users.findAdminIds()).length > 0;
  }

  private linkOf(token: string): string {
    return `${this.config.baseUrl}/staff-invitation?token=${token}`;
  }

  private hashesOf(token: string): Buffer[] {
    return this.secrets.hashes('staff_invitation', token);
  }
}

function newToken(): string {
  return randomBytes(32).toString('base64url');
}
