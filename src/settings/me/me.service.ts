import { Injectable } from '@nestjs/common';
import { AccessReader } from '../../accounts/index.js';
import type { Principal } from '../../platform/security/principal.js';
import { ReferralCodes } from '../../referral/index.js';
import type { AccessDto, MeDto } from './me.dto.js';

/** A person as the product knows them, from all modules. */
export interface UserWithAccess {
  user: Principal;
  tier: 'free' | 'paid';
  access: AccessDto;
  creditUntil: Date | null;
}

/** Puts together who a person is. */
@Injectable()
export class MeService {
  constructor(
    private readonly accesses: AccessReader,
    private readonly codes: ReferralCodes,
  ) {}

  /** The person, and what they may use. */
  async withAccess(me: Principal): Promise<UserWithAccess> {
    const { active, source, until, tier, creditUntil } = await this.accesses.find(me.userId);
    return { user: me, tier, access: { active, source, until }, creditUntil };
  }

  /** The person with their code, as an answer. */
  async getMe(me: Principal): Promise<MeDto> {
    const [person, referralCode] = await Promise.all([this.withAccess(me), this.codes.findCode(me.userId)]);
    return toMeDto(person, referralCode);
  }
}

/** The fields of a person that leave the server. */
export function toMeDto(
  { user, tier, access, creditUntil }: UserWithAccess,
  referralCode: string | null,
): MeDto {
  return {
    id: user.userId,
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
