import { Injectable } from '@nestjs/common';
import { Audit } from '../platform/audit.js';
import type { Tx } from '../platform/database/tx.js';
import type { Principal } from '../platform/http/principal.js';
import { CodeChanges } from '../referral/index.js';
import { LateClaims } from '../life/index.js';

/** What staff say about who brought whom, and which codes may not be used. */
@Injectable()
export class Attributions {
  constructor(
    private readonly claims: LateClaims,
    private readonly codes: CodeChanges,
    private readonly audit: Audit,
  ) {}

  /** Writes down who brought a user. Errors: see {@link LateClaims.claim}. */
  async attribute(
    tx: Tx,
    me: Principal,
    { userId, code, reason }: { userId: string; code: string; reason: string },
  ): Promise<{ referralId: string }> {
    const by = {
      actor: { kind: 'admin' as const, id: me.userId },
      noteId: await this.audit.note(tx, reason, userId),
    };
    return { referralId: (await this.claims.claim(tx, userId, { code, by })).id };
  }

  /** Stops a code, or lets it work again. Errors: `request.not_found`. */
  async block(
    tx: Tx,
    me: Principal,
    { code, isBlocked, reason }: { code: string; isBlocked: boolean; reason: string },
  ): Promise<void> {
    const noteId = await this.audit.note(tx, reason, null);
    await this.codes.block(tx, code, isBlocked, { actor: { kind: 'admin', id: me.userId }, noteId });
  }
}
