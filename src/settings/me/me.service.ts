import { Injectable } from '@nestjs/common';
import { AccessReader } from '../../accounts/index.js';
import { AuthService, type User } from '../../auth/index.js';
import { DomainError } from '../../platform/errors.js';
import { ReferralCodes } from '../../referral/index.js';
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
    private readonly accesses: AccessReader,
    private readonly codes: ReferralCodes,
  ) {}

  /** The person. Errors: `request.not_found` for one who was erased meanwhile. */
  async findUser(userId: string): Promise<UserWithAccess> {
    const [user, { active, source, until, tier, creditUntil }] = await Promise.all([
      this.auth.findById(userId),
      this.accesses.find(userId),
    ]);
    if (user === null) throw new DomainError('request.not_found');
    return { user, tier, access: { active, source, until }, creditUntil };
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
