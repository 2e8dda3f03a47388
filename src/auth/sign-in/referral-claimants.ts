import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import { Claimants, type Claimant } from '../../referral/index.js';
import { AuthService } from '../auth.service.js';
import { UsersRepository } from '../users/users.repository.js';
import { SignUpService } from './sign-up.service.js';

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
