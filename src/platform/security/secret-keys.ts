import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Tx } from '../database/tx.js';
import { Log } from '../observability/logging/log.js';
import { listKeyUsage, SecretKeysRepository } from './secret-keys.repository.js';
import { Secrets } from './secrets.js';

/**
 * Remembers which secret keys have ever been used here, so that a key that is still needed is not
 * dropped unnoticed.
 */
@Injectable()
export class SecretKeys implements OnApplicationBootstrap {
  constructor(
    private readonly secrets: Secrets,
    private readonly repository: SecretKeysRepository,
    private readonly database: Database,
    private readonly log: Log,
  ) {}

  /** Notes the keys of this process, and raises an alert when an earlier one is not among them. */
  async onApplicationBootstrap(): Promise<void> {
    const ids = this.secrets.keyIds();
    const keys = await listKeyUsage(this.database, ids);
    if (ids.some((id) => !keys.some((key) => key.id === id && key.state === 'in use')))
      await this.database.transaction((tx) => this.repository.recordUse(tx, ids));
    for (const { id, state } of keys) if (state === 'missing') this.log.alert('platform.key_missing', { id });
  }

  /**
   * Marks a missing key as lost, and that what only it recognises is lost. Answers whether it was
   * missing.
   * Idempotent: nothing happens.
   */
  async discard(tx: Tx, id: string): Promise<boolean> {
    if (this.secrets.keyIds().includes(id)) return false;
    return this.repository.discard(tx, id);
  }
}
