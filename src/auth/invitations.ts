import { Injectable } from '@nestjs/common';
import { ReferralService } from '../referral/index.js';
import { labelOf } from './user.js';
import { Users } from './users.js';

/** Whose invitation a code is. `label` is a chosen name or a masked address. */
export interface Invitation {
  code: string;
  label: string;
}

/** Puts a face to a referral code. */
@Injectable()
export class Invitations {
  constructor(
    private readonly referrals: ReferralService,
    private readonly users: Users,
  ) {}

  /** Who invites with `code`, however it was typed; null when nobody does. */
  async invitedBy(code: string): Promise<Invitation | null> {
    const referrer = await this.referrals.lookupReferrer(code);
    const user = referrer && (await this.users.byId(referrer.userId));
    return referrer && user ? { code: referrer.code, label: labelOf(user) } : null;
  }

  /** How many days somebody gets who comes by an invitation now and pays; 0 while the programme is paused. */
  async creditDays(): Promise<number> {
    return (await this.referrals.offered()).referredDays;
  }
}
