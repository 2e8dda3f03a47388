import { Injectable } from '@nestjs/common';
import type { User } from '../auth/index.js';
import { Mailbox } from '../mail/index.js';
import { Audit } from '../platform/audit.js';
import type { Tx } from '../platform/database/tx.js';
import { Idempotency } from '../platform/http/idempotency.js';
import { Persons } from '../platform/persons.js';
import { KeptForPeople } from './kept-for-people.js';

/** What is left of a person beside their account: words about them, their backups, letters that were kept. */
@Injectable()
export class Leftovers {
  constructor(
    private readonly keeper: KeptForPeople,
    private readonly mailbox: Mailbox,
    private readonly audit: Audit,
    private readonly idempotency: Idempotency,
    private readonly persons: Persons,
  ) {}

  /** Who an account is now. */
  personOf(tx: Tx, userId: string): Promise<string> {
    return this.persons.of(tx, userId);
  }

  /** All accounts of a person whose row is locked. */
  accountsOf(tx: Tx, personId: string): Promise<string[]> {
    return this.persons.accountsOf(tx, personId);
  }

  /** Takes it all away. `user`: null where the account is erased already. */
  async erase(tx: Tx, userId: string, user: User | null): Promise<void> {
    await this.keeper.erase(tx, userId);
    if (user !== null) await this.mailbox.forgetPerson(tx, user);
    await this.idempotency.forget(tx, userId);
    await this.audit.forgetWords(tx, userId);
  }
}
