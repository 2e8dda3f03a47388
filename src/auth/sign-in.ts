import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import type { Asker } from './asker.js';
import type { Client } from './client.js';
import { CodeChecks, type GivenCode, type RightCode } from './code-checks.js';
import { MailboxMoves } from './mailbox-moves.js';
import { Newcomers } from './newcomers.js';
import { Sessions, type OpenedSession } from './sessions.js';
import type { User } from './user.js';

/** Somebody who is signed in from now on. */
export interface SignedInUser extends OpenedSession {
  user: User;
}

/** Turns a right code into a session, and a new address into a user. */
@Injectable()
export class SignIn {
  constructor(
    private readonly codes: CodeChecks,
    private readonly mailboxes: MailboxMoves,
    private readonly newcomers: Newcomers,
    private readonly sessions: Sessions,
    private readonly database: Database,
  ) {}

  /**
   * Signs in with a code: the code is used up, the user and their referral are made when the address is new,
   * and the session is opened, all of it or nothing.
   * Errors: see {@link CodeChecks.check}. At once: one of many tries with the right code wins, the others find
   * it used.
   */
  async withCode(given: GivenCode, client: Client, asker: Asker): Promise<SignedInUser> {
    const right = await this.codes.check(given, asker);
    await this.mailboxes.recordMissing(right.email);
    return this.database.transaction((tx) => this.admit(tx, right, client));
  }

  private async admit(tx: Tx, right: RightCode, client: Client): Promise<SignedInUser> {
    const { email, refCode, locale, touch } = right;
    // on their way together: nobody is made by a code that was used meanwhile, since all of it is taken back
    const [, { user, created }] = await Promise.all([
      this.codes.use(tx, right),
      this.newcomers.welcome(tx, { email, refCode, client, locale, touch }),
    ]);
    const session = await this.sessions.open(tx, { userId: user.id, isNew: created }, client);
    return { ...session, user };
  }
}
