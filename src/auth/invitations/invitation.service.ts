import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { ReferralCodes, RewardOffers, type RewardModel } from '../../referral/index.js';
import { UsersRepository } from '../users/users.repository.js';

/**
 * Whose invitation a code is. `name` is the one that who invites chose; `locale` is their language.
 */
export interface Invitation {
  code: string;
  name: string | null;
  locale: string;
  referrerId: string;
}

/** Puts a face to a referral code. */
@Injectable()
export class InvitationService {
  constructor(
    private readonly codes: ReferralCodes,
    private readonly offers: RewardOffers,
    private readonly usersRepository: UsersRepository,
    private readonly database: Database,
  ) {}

  /** Who invites with `code`, however it was typed; null when there is none. */
  async findByCode(code: string): Promise<Invitation | null> {
    const referrer = await this.codes.findByText(this.database, code);
    const user = referrer && (await this.usersRepository.findById(referrer.userId));
    if (referrer === null || !user) return null;
    const { id, displayName, locale } = user;
    return { code: referrer.code, name: displayName, locale, referrerId: id };
  }

  /** What an invitation brings now; without one, what one of a person below the cap would. */
  findOffer(invitation: Invitation | null): Promise<RewardModel> {
    return this.offers.current(invitation?.referrerId ?? null);
  }
}
