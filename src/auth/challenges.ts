import { Injectable } from '@nestjs/common';
import type { Touch } from '../referral/index.js';
import { Database } from '../platform/database/database.js';
import type { EmailAddress } from '../platform/email-address.js';
import type { Asker } from './asker.js';
import { Invitations, type Invitation } from './invitations.js';
import { ProvenDevices } from './proven-devices.js';
import { SignInCodes, type Challenge } from './sign-in-codes.js';
import { SignInLimits } from './sign-in-limits.js';

/** A request for a code. `ref` is a referral code as it came, or null; `asker` who asks, `locale` the language of the letter. */
export interface CodeRequest {
  email: EmailAddress;
  ref: string | null;
  asker: Asker;
  locale: string;
  touch?: Touch | null;
}

/** Answers requests for codes. */
@Injectable()
export class Challenges {
  constructor(
    private readonly limits: SignInLimits,
    private readonly invitations: Invitations,
    private readonly codes: SignInCodes,
    private readonly database: Database,
    private readonly devices: ProvenDevices,
  ) {}

  /**
   * Sends a code on its way and tells who invites, if anybody does. The same for every address. The invitation
   * is frozen here: opening the mail on another device keeps it.
   * Errors: `auth.too_many`.
   */
  async request({
    email,
    ref,
    asker,
    locale,
    touch = null,
  }: CodeRequest): Promise<Challenge & { invitedBy: Invitation | null }> {
    const device = this.devices.deviceFor(asker, email);
    return this.limits.request({ email, ip: asker.ip, device }, async () => {
      const invitedBy = ref === null ? null : await this.invitations.invitedBy(ref);
      const challenge = await this.database.transaction((tx) =>
        this.codes.issue(tx, { email, refCode: invitedBy?.code ?? null, locale, touch, device }),
      );
      return { ...challenge, invitedBy };
    });
  }
}
