import { Injectable } from '@nestjs/common';
import { KeptForPeople } from '../life/index.js';
import type { Tx } from '../platform/database/tx.js';
import { Backups } from './backups.js';

/** What settings keeps for people: the backups of their clients. */
@Injectable()
export class OwnRecords extends KeptForPeople {
  constructor(private readonly backups: Backups) {
    super();
  }

  /** Every revision that is kept, newest first. */
  async exportOf(userId: string): Promise<Record<string, unknown>> {
    return { backup: await this.backups.all(userId) };
  }

  erase(tx: Tx, userId: string): Promise<void> {
    return this.backups.erase(tx, userId);
  }
}
