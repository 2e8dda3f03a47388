import { Injectable, Inject } from '@nestjs/common';
import { type Config, CONFIG } from '../../platform/config/config.js';
import type { Tx } from '../../platform/database/tx.js';
import { isId } from '../../platform/ids.js';
import { Secrets } from '../../platform/security/secrets.js';
import { Recipients } from '../ports.js';
import { optionalEmails, type OptionalEmail } from './email-opt-out.entity.js';
import { EmailOptOutsRepository } from './email-opt-outs.repository.js';

/** Which emails people want. */
@Injectable()
export class EmailPreferences {
  constructor(
    private readonly recipients: Recipients,
    private readonly optOuts: EmailOptOutsRepository,
  ) {}

  /** The kinds that `userId` wants; all of them until they say otherwise. */
  async findWanted(userId: string): Promise<OptionalEmail[]> {
    const unwanted = await this.optOuts.findKinds(userId);
    return optionalEmails.filter((kind) => !unwanted.includes(kind));
  }

  /** Makes `wanted` the only optional emails of `userId`. Idempotent. */
  async setWanted(tx: Tx, userId: string, wanted: readonly OptionalEmail[]): Promise<void> {
    for (const kind of optionalEmails) await this.setOne(tx, userId, kind, wanted.includes(kind));
  }

  /** Switches one kind on or off. Does nothing for a user who is unknown or erased. */
  async setOne(tx: Tx, userId: string, kind: OptionalEmail, isWanted: boolean): Promise<void> {
    if (isWanted) await this.optOuts.delete(tx, userId, kind);
    else if (await this.recipients.lockActive(tx, userId)) await this.optOuts.insert(tx, userId, kind);
  }
}

/**
 * Links that stop one kind of email to one person, and do nothing else; they work without signing
 * in.
 */
@Injectable()
export class UnsubscribeLinks {
  constructor(
    private readonly secrets: Secrets,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The link for emails of `kind` to `userId`. */
  createLink(userId: string, kind: OptionalEmail): string {
    return `${this.config.baseUrl}/unsubscribe/${this.secrets.sign('unsubscribe', `${userId}:${kind}`)}`;
  }

  /** Whom and what a link is about; null for one that we did not make. */
  parseToken(token: string): { userId: string; kind: OptionalEmail } | null {
    const [userId = '', wanted] = this.secrets.unsign('unsubscribe', token)?.split(':') ?? [];
    const kind = optionalEmails.find((own) => own === wanted);
    return isId(userId) && kind !== undefined ? { userId, kind } : null;
  }
}
