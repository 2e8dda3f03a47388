import { Injectable } from '@nestjs/common';
import type { CampaignParams } from '../../referral/index.js';
import { Database } from '../../platform/database/database.js';
import type { EmailAddress } from '../../platform/email-address.js';
import type { Requester } from './requester.js';
import { InvitationService, type Invitation } from '../invitations/invitation.service.js';
import { TrustedDevices } from './trusted-devices.js';
import { SignInCodes, type Challenge } from './sign-in-codes.js';
import { SignInLimits } from './sign-in-limits.js';

/** A request for a code. `ref` is a referral code as it came, or null; `asker` who asks, `locale` the language of the email. */
export interface CodeRequest {
  email: EmailAddress;
  referralCode: string | null;
  requester: Requester;
  locale: string;
  campaign?: CampaignParams | null;
}

/** Answers requests for codes. */
@Injectable()
export class ChallengeService {
  constructor(
    private readonly limits: SignInLimits,
    private readonly invitationService: InvitationService,
    private readonly codes: SignInCodes,
    private readonly database: Database,
    private readonly trustedDevices: TrustedDevices,
  ) {}

  /**
   * Sends a code on its way and returns who invites, if anybody does. The same for every address. The invitation
   * is frozen here: opening the mail on another device keeps it.
   * Errors: `auth.too_many`.
   */
  async requestCode({
    email,
    referralCode,
    requester,
    locale,
    campaign = null,
  }: CodeRequest): Promise<Challenge & { invitedBy: Invitation | null }> {
    const device = this.trustedDevices.findDevice(requester, email);
    return this.limits.limitRequest({ email, ip: requester.ip, device }, async () => {
      const invitedBy = referralCode === null ? null : await this.invitationService.findByCode(referralCode);
      const challenge = await this.database.transaction((tx) =>
        this.codes.issue(tx, {
          email,
          referralCode: invitedBy?.code ?? null,
          locale,
          campaign,
          trustedDeviceHash: device,
        }),
      );
      return { ...challenge, invitedBy };
    });
  }
}
