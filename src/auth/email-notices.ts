import { Injectable } from '@nestjs/common';
import { Audit } from '../platform/audit.js';
import { Clock } from '../platform/clock.js';
import { Mailbox } from '../mail/index.js';
import type { Tx } from '../platform/database/tx.js';
import type { Principal } from '../platform/http/principal.js';
import { newId } from '../platform/ids.js';
import { Outbox } from '../platform/outbox.js';
import { Secrets } from '../platform/secrets.js';
import type { EmailChanged, SealedAddresses } from './auth.events.js';

/** Announces changes of address, so that somebody whose mailbox was taken over hears of it. */
@Injectable()
export class EmailNotices {
  constructor(
    private readonly outbox: Outbox,
    private readonly audit: Audit,
    private readonly secrets: Secrets,
    private readonly mailbox: Mailbox,
    private readonly clock: Clock,
  ) {}

  /** Writes the audit line, and publishes `auth.email_changed`; its reaction writes to the address that `me` had. Captured emails to it are deleted. */
  async announce(tx: Tx, me: Principal, newEmail: string): Promise<void> {
    const addresses: SealedAddresses = { oldEmail: me.email, newEmail, locale: me.locale };
    const event: EmailChanged = {
      name: 'auth.email_changed',
      userId: me.userId,
      changeId: newId(this.clock),
      sealed: this.secrets.seal('sealed_job', JSON.stringify(addresses)),
    };
    await this.mailbox.forget(tx, me.email); // an erasure later knows only the new address
    this.audit.record(tx, {
      action: 'auth.email_changed',
      actor: { kind: 'user', id: me.userId },
      subjectId: me.userId,
    });
    await this.outbox.publish(tx, event);
  }
}
