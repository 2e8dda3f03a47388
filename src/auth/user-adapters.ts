import { Injectable } from '@nestjs/common';
import { Recipients, type Recipient } from '../notifications/index.js';
import type { Tx } from '../platform/database/tx.js';
import { Claimants, InviterNames, type Claimant } from '../referral/index.js';
import { AuthService } from './auth.service.js';
import { SessionsRepository } from './sessions/sessions.repository.js';
import { SignUpService } from './sign-in/sign-up.service.js';
import { UsersRepository } from './users/users.repository.js';

/** The users, as notifications needs to know them. */
@Injectable()
export class EmailRecipients extends Recipients {
  constructor(
    private readonly usersRepository: UsersRepository,
    private readonly sessions: SessionsRepository,
  ) {
    super();
  }

  find(userId: string): Promise<Recipient | null> {
    return this.usersRepository.findById(userId);
  }

  async findAccountEmail(userId: string): Promise<string | null> {
    return (await this.usersRepository.findAccountById(userId))?.email ?? null;
  }

  findAdminIds(): Promise<string[]> {
    return this.usersRepository.findAdminIds();
  }

  findUserAgent(sessionId: string): Promise<string | null> {
    return this.sessions.findUserAgent(sessionId);
  }

  async lockActive(tx: Tx, userId: string): Promise<boolean> {
    return (await this.usersRepository.findAndLock(tx, userId)) !== null;
  }
}

/** The users who add a referral after they signed up, as referral needs them. */
@Injectable()
export class ReferralClaimants extends Claimants {
  constructor(
    private readonly auth: AuthService,
    private readonly usersRepository: UsersRepository,
    private readonly signUpService: SignUpService,
  ) {
    super();
  }

  async signedUpAt(userId: string): Promise<Date | null> {
    return (await this.auth.findById(userId))?.createdAt ?? null;
  }

  async lock(tx: Tx, userId: string): Promise<Claimant | null> {
    const user = await this.usersRepository.findAndLock(tx, userId);
    return user && { signedUpAt: user.createdAt, details: this.signUpService.referralDetails(user) };
  }
}

/** How users are named to those who invited them, and to whom they invited. */
@Injectable()
export class UserNames extends InviterNames {
  constructor(
    private readonly auth: AuthService,
    private readonly usersRepository: UsersRepository,
  ) {
    super();
  }

  async find(userId: string): Promise<string | null | undefined> {
    return (await this.auth.findById(userId))?.displayName;
  }

  async findChosen(userIds: string[]): Promise<Map<string, string>> {
    const users = await this.usersRepository.findByIds(userIds);
    return new Map(
      [...users].flatMap(([id, { displayName }]) => (displayName === null ? [] : [[id, displayName]])),
    );
  }
}
