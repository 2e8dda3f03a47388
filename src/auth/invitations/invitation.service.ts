import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { ProgrammeTerms, ReferralCodes } from '../../referral/index.js';
import { publicName, UsersRepository } from '../users/users.repository.js';

/** Whose invitation a code is. `label` is a chosen name or a masked address. */
export interface Invitation {
  code: string;
  label: string;
}

/** Puts a face to a referral code. */
@Injectable()
export class InvitationService {
  constructor(
    private readonly codes: ReferralCodes,
    private readonly terms: ProgrammeTerms,
    private readonly usersRepository: UsersRepository,
    private readonly database: Database,
  ) {}

  /** Who invites with `code`, however it was typed; null when there is none. */
  async findByCode(code: string): Promise<Invitation | null> {
    const referrer = await this.codes.findByText(this.database, code);
    const user = referrer && (await this.usersRepository.findById(referrer.userId));
    return referrer && user ? { code: referrer.code, label: publicName(user) } : null;
  }

  /**
   * How many days a person gets who comes by an invitation now and pays; 0 while the programme is
   * paused.
   */
  async newUserCreditDays(): Promise<number> {
    return (await this.terms.offeredDays()).referredDays;
  }
}
