import { Injectable } from '@nestjs/common';
import { AuthService, type User } from '../../auth/index.js';
import { BillingService } from '../../billing/index.js';
import { CreditService } from '../../credit/index.js';
import { Clock } from '../../platform/clock.js';
import { DomainError } from '../../platform/errors.js';
import { ReferralCodes } from '../../referral/index.js';
import { accessFrom } from './access.js';
import type { AccessDto, MeDto } from './me.dto.js';

/** A person as the product knows them, from all modules. */
export interface UserWithAccess {
  user: User;
  tier: 'free' | 'paid';
  access: AccessDto;
  creditUntil: Date | null;
}

/** Puts together who a person is. */
@Injectable()
export class MeService {
  constructor(
    private readonly auth: AuthService,
    private readonly billing: BillingService,
    private readonly credit: CreditService,
    private readonly codes: ReferralCodes,
    private readonly clock: Clock,
  ) {}

  /** The person. Errors: `request.not_found` for one who was erased meanwhile. */
  async findUser(userId: string): Promise<UserWithAccess> {
    const [user, account, creditUntil] = await Promise.all([
      this.auth.findById(userId),
      this.billing.getAccount(userId),
      this.credit.getCreditUntil(userId),
    ]);
    if (user === null) throw new DomainError('request.not_found');
    return {
      user,
      tier: account.tier,
      access: accessFrom(account, creditUntil, this.clock.now()),
      creditUntil,
    };
  }

  /** The person with their code, as an answer. */
  async getMe(userId: string): Promise<MeDto> {
    const [person, referralCode] = await Promise.all([this.findUser(userId), this.codes.findCode(userId)]);
    return toMeDto(person, referralCode);
  }
}

/** The fields of a person that leave the server. */
export function toMeDto(
  { user, tier, access, creditUntil }: UserWithAccess,
  referralCode: string | null,
): MeDto {
  return {
    id: user.id,
    email: user.email,
    displayName: user.displayName,
    role: user.role,
    tier,
    access,
    creditUntil,
    referralCode,
    createdAt: user.createdAt,
  };
}
