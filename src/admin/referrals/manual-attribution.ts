import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../platform/audit-log.js';
import type { Tx } from '../../platform/database/tx.js';
import type { Principal } from '../../platform/security/principal.js';
import { LateClaims, CodeChanges } from '../../referral/index.js';

/** What staff say about who referred whom, and which codes may not be used. */
@Injectable()
export class ManualAttribution {
  constructor(
    private readonly lateClaims: LateClaims,
    private readonly codes: CodeChanges,
    private readonly auditLog: AuditLog,
  ) {}

  /** Writes down who brought a user. Errors: see {@link LateClaims.claim}. */
  async linkReferrer(
    tx: Tx,
    me: Principal,
    { userId, code, reason }: { userId: string; code: string; reason: string },
  ): Promise<{ referralId: string }> {
    const by = {
      actor: { kind: 'admin' as const, id: me.userId },
      noteId: await this.auditLog.addNote(tx, reason, userId),
    };
    return { referralId: (await this.lateClaims.claim(tx, userId, { code, by })).id };
  }

  /** Stops a code, or lets it work again. Errors: `request.not_found`. */
  async setCodeBlocked(
    tx: Tx,
    me: Principal,
    { code, isBlocked, reason }: { code: string; isBlocked: boolean; reason: string },
  ): Promise<void> {
    const noteId = await this.auditLog.addNote(tx, reason, null);
    await this.codes.setBlocked(tx, code, isBlocked, { actor: { kind: 'admin', id: me.userId }, noteId });
  }
}
