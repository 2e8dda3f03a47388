import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/audit-log.js';
import { RowLoader } from '../platform/database/row-loader.js';
import type { Tx } from '../platform/database/tx.js';
import { emailForLookup, type EmailAddress } from '../platform/email-address.js';
import { DomainError } from '../platform/errors.js';
import type { Role } from '../platform/security/principal.js';
import { CodeVerification, type SubmittedCode, type VerifiedCode } from './sign-in/code-verification.js';
import type { Requester } from './sign-in/requester.js';
import { UserImport, type ImportedUser, type ImportResult } from './users/user-import.js';
import { UserRoles } from './users/user-roles.js';
import { type User, UsersRepository } from './users/users.repository.js';

/** The entry point of auth: who a person is, and proof of it. */
@Injectable()
export class AuthService {
  private readonly usersById = new RowLoader((userIds) => this.usersRepository.findByIds(userIds));

  constructor(
    private readonly usersRepository: UsersRepository,
    private readonly codes: CodeVerification,
    private readonly userRoles: UserRoles,
    private readonly imports: UserImport,
  ) {}

  /** The user, or null when there is none or they were erased. */
  findById(userId: string): Promise<User | null> {
    return this.usersById.load(userId);
  }

  /**
   * The user, who cannot be erased before the transaction ends: for writing something about them
   * that erasing would have to find. Errors: `request.not_found` for an unknown or erased user.
   */
  async requireActiveUser(tx: Tx, userId: string): Promise<User> {
    const user = await this.usersRepository.findAndLock(tx, userId);
    if (user === null) throw new DomainError('request.not_found', { detail: 'No such user.' });
    return user;
  }

  /** The user of an address, however it was typed, or null. */
  findByEmail(email: string): Promise<User | null> {
    return this.usersRepository.findByEmail(emailForLookup(email));
  }

  /**
   * See {@link CodeVerification.verify}: counts an attempt, so it must not run inside a transaction
   * that may roll back.
   */
  verifyCode(submitted: SubmittedCode, requester: Requester, email: EmailAddress): Promise<VerifiedCode> {
    return this.codes.verify(submitted, requester, email);
  }

  /** See {@link CodeVerification.consume}: uses a right code up, together with what it allows. */
  consumeCode(tx: Tx, verified: VerifiedCode): Promise<void> {
    return this.codes.consume(tx, verified);
  }

  /** See {@link UserRoles.setRole}. */
  setRole(tx: Tx, userId: string, role: Role, by: Actor): Promise<void> {
    return this.userRoles.setRole(tx, userId, role, by);
  }

  /** See {@link UserImport.importUsers}. */
  importUsers(tx: Tx, rows: ImportedUser[]): Promise<ImportResult[]> {
    return this.imports.importUsers(tx, rows);
  }
}
