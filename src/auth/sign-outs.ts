import { Injectable } from '@nestjs/common';
import { Audit, type Actor } from '../platform/audit.js';
import type { Tx } from '../platform/database/tx.js';
import { Sessions } from './sessions.js';

/** Signs others out: for staff, when a device or a mailbox was lost. */
@Injectable()
export class SignOuts {
  constructor(
    private readonly sessions: Sessions,
    private readonly audit: Audit,
  ) {}

  /** Ends every session of `userId`. Again: those that were opened since. */
  async everywhere(tx: Tx, userId: string, by: Actor): Promise<void> {
    await this.sessions.endAll(tx, userId);
    this.audit.record(tx, { action: 'auth.signed_out_by_staff', actor: by, subjectId: userId });
  }
}
