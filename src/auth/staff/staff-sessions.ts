import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import { decodeCursor, toPage, type Page, type PageQuery } from '../../platform/http/page.dto.js';
import { idPattern } from '../../platform/ids.js';
import type { StaffRole } from './staff-invitation.entity.js';

/** A person of the staff. */
export interface StaffMember {
  id: string;
  email: string;
  role: StaffRole;
  hasSecondFactor: boolean;
}

/** A session of the staff. `secondFactorAt`: when a second factor was last proven in it. */
export interface StaffSession {
  id: string;
  userId: string;
  email: string;
  userAgent: string;
  createdAt: Date;
  seenAt: Date;
  secondFactorAt: Date | null;
}

/** More than any staff: the page lists the first ones. */
const maxMembers = 200;

/** Who of the staff is signed in, and where. */
@Injectable()
export class StaffSessions {
  constructor(
    private readonly database: Database,
    private readonly auditLog: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** The staff, by address. */
  members(): Promise<StaffMember[]> {
    return this.database.query<StaffMember>(
      `SELECT id, email, role, has_second_factor AS "hasSecondFactor"
       FROM auth."user" WHERE role <> 'user' AND erased_at IS NULL ORDER BY email LIMIT $1`,
      [maxMembers],
    );
  }

  /** The live sessions of the staff, the newest first. */
  async list({ cursor, limit }: PageQuery): Promise<Page<StaffSession>> {
    const rows = await this.database.query<StaffSession>(
      `SELECT s.id, s.user_id AS "userId", u.email, s.user_agent AS "userAgent", s.created_at AS "createdAt",
         s.seen_at AS "seenAt", s.second_factor_at AS "secondFactorAt"
       FROM auth."user" u JOIN auth.session s ON s.user_id = u.id
       WHERE u.role <> 'user' AND u.erased_at IS NULL AND s.expires_at > $1 AND ($2::uuid IS NULL OR s.id < $2)
       ORDER BY s.id DESC LIMIT $3`,
      [this.clock.now(), decodeCursor(cursor, idPattern), limit + 1],
    );
    return toPage(
      rows,
      limit,
      ({ id }) => id,
      (row) => row,
    );
  }

  /**
   * Ends a session of the staff. Errors: `request.not_found` for any other, or one that has ended.
   */
  async end(tx: Tx, sessionId: string, adminId: string): Promise<void> {
    const [rows]: [{ user_id: string }[], number] = await tx.query(
      `DELETE FROM auth.session s USING auth."user" u
       WHERE s.id = $1 AND u.id = s.user_id AND u.role <> 'user' RETURNING s.user_id`,
      [sessionId],
    );
    const userId = rows[0]?.user_id;
    if (userId === undefined) throw new DomainError('request.not_found');
    this.auditLog.record(tx, {
      action: 'auth.session_ended_by_staff',
      actor: { kind: 'admin', id: adminId },
      subjectId: userId,
      details: { sessionId },
    });
  }
}
