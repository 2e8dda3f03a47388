import { Injectable } from '@nestjs/common';
import { Recipients, type Recipient } from '../../notifications/index.js';
import type { Tx } from '../../platform/database/tx.js';
import { SessionService } from '../sessions/session.service.js';
import { UsersRepository } from './users.repository.js';

/** The users, as notifications needs to know them. */
@Injectable()
export class EmailRecipients extends Recipients {
  constructor(
    private readonly usersRepository: UsersRepository,
    private readonly sessionService: SessionService,
  ) {
    super();
  }

  find(userId: string): Promise<Recipient | null> {
    return this.usersRepository.findById(userId);
  }

  async findAccountEmail(userId: string): Promise<string | null> {
    return (await this.usersRepository.findAccountById(userId))?.email ?? null;
  }

  findUserAgent(sessionId: string): Promise<string | null> {
    return this.sessionService.findUserAgent(sessionId);
  }

  async lockActive(tx: Tx, userId: string): Promise<boolean> {
    return (await this.usersRepository.findAndLock(tx, userId)) !== null;
  }
}
