import { Injectable } from '@nestjs/common';
import { AuthService, type User } from '../auth/index.js';
import { BillingService } from '../billing/index.js';
import { CreditService } from '../credit/index.js';
import { Clock } from '../platform/clock.js';
import { DomainError } from '../platform/errors.js';
import { ReferralService } from '../referral/index.js';
import { accessOf, type Access } from './access.js';

/** Somebody as the product knows them, from all modules. */
export interface Person {
  user: User;
  tier: 'free' | 'paid';
  access: Access;
  creditUntil: Date | null;
}

/** What GET /me answers. Times are ISO 8601; `until` is the later of the paid period and the credit. */
export interface MeView {
  id: string;
  email: string;
  displayName: string | null;
  role: string;
  tier: 'free' | 'paid';
  access: { active: boolean; source: Access['source']; until: string | null };
  creditUntil: string | null;
  referralCode: string | null;
  createdAt: string;
}

/** Puts together who somebody is. */
@Injectable()
export class Myself {
  constructor(
    private readonly auth: AuthService,
    private readonly billing: BillingService,
    private readonly credit: CreditService,
    private readonly referrals: ReferralService,
    private readonly clock: Clock,
  ) {}

  /** The person. Errors: `request.not_found` for one who was erased meanwhile. */
  async person(userId: string): Promise<Person> {
    const [user, account, creditUntil] = await Promise.all([
      this.auth.userOf(userId),
      this.billing.accountOf(userId),
      this.credit.creditUntil(userId),
    ]);
    if (user === null) throw new DomainError('request.not_found');
    return {
      user,
      tier: account.tier,
      access: accessOf(account, creditUntil, this.clock.now()),
      creditUntil,
    };
  }

  /** The person with their code, as an answer. */
  async view(userId: string): Promise<MeView> {
    const [person, referralCode] = await Promise.all([this.person(userId), this.referrals.codeOf(userId)]);
    return meView(person, referralCode);
  }
}

/** The fields of a person that leave the server. */
export function meView({ user, tier, access, creditUntil }: Person, referralCode: string | null): MeView {
  return {
    id: user.id,
    email: user.email,
    displayName: user.displayName,
    role: user.role,
    tier,
    access: { active: access.active, source: access.source, until: access.until?.toISOString() ?? null },
    creditUntil: creditUntil?.toISOString() ?? null,
    referralCode,
    createdAt: user.createdAt.toISOString(),
  };
}
