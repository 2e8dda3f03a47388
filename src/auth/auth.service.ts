import { Injectable } from '@nestjs/common';
import { Gathered } from '../platform/database/gathered.js';
import type { Actor } from '../platform/audit.js';
import type { Tx } from '../platform/database/tx.js';
import { DomainError } from '../platform/errors.js';
import type { Role } from '../platform/http/principal.js';
import type { Asker } from './asker.js';
import { CodeChecks, type GivenCode, type RightCode } from './code-checks.js';
import { knownEmail, type EmailAddress } from '../platform/email-address.js';
import { Newcomers, type LateClaim } from './newcomers.js';
import { Roles } from './roles.js';
import { UserImport, type ImportedUser, type ImportOutcome } from './user-import.js';
import type { User } from './user.js';
import { Users } from './users.js';

/** The door to auth: who somebody is, and proof of it. */
@Injectable()
export class AuthService {
  private readonly present = new Gathered((userIds) => this.users.byIds(userIds));

  constructor(
    private readonly users: Users,
    private readonly codes: CodeChecks,
    private readonly roles: Roles,
    private readonly imports: UserImport,
    private readonly newcomers: Newcomers,
  ) {}

  /** The user, or null when there is none or they were erased. */
  userOf(userId: string): Promise<User | null> {
    return this.present.find(userId);
  }

  /**
   * The user, who cannot be erased before the transaction ends: for writing something about them that erasing
   * would have to find. Errors: `request.not_found` for nobody, or somebody erased.
   */
  async presentUser(tx: Tx, userId: string): Promise<User> {
    const user = await this.users.keep(tx, userId);
    if (user === null) throw new DomainError('request.not_found', { detail: 'No such user.' });
    return user;
  }

  /** The user of an address, however it was typed, or null. */
  findByEmail(email: string): Promise<User | null> {
    return this.users.byEmail(knownEmail(email));
  }

  /** Writes down later who brought somebody. See {@link Newcomers.claim}. */
  claimInvitation(tx: Tx, userId: string, claim: LateClaim): Promise<{ id: string; referrerId: string }> {
    return this.newcomers.claim(tx, userId, claim);
  }

  /** See {@link CodeChecks.check}: counts an attempt, so it must not run inside a transaction that may roll back. */
  checkCode(given: GivenCode, asker: Asker, email: EmailAddress): Promise<RightCode> {
    return this.codes.check(given, asker, email);
  }

  /** See {@link CodeChecks.use}: uses a right code up, together with what it allows. */
  useCode(tx: Tx, right: RightCode): Promise<void> {
    return this.codes.use(tx, right);
  }

  /** See {@link Roles.set}. */
  setRole(tx: Tx, userId: string, role: Role, by: Actor): Promise<void> {
    return this.roles.set(tx, userId, role, by);
  }

  /** See {@link UserImport.insert}. */
  importUsers(tx: Tx, rows: ImportedUser[]): Promise<ImportOutcome[]> {
    return this.imports.insert(tx, rows);
  }
}
