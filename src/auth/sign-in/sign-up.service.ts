import { Inject, Injectable } from '@nestjs/common';
import { type Config, CONFIG } from '../../platform/config/config.js';
import type { Tx } from '../../platform/database/tx.js';
import { canonicalMailbox, maskEmail, type EmailAddress } from '../../platform/email-address.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { Secrets } from '../../platform/security/secrets.js';
import {
  classifyEmailDomain,
  ReferralLinking,
  hashSignals,
  type NewReferral,
  type Signal,
  type CampaignParams,
} from '../../referral/index.js';
import type { UserCreated } from '../auth.events.js';
import { UserRoles } from '../users/user-roles.js';
import { type User, UsersRepository } from '../users/users.repository.js';
import { type ClientInfo, publicIpPrefix } from './requester.js';

/** A person who has verified an address: their invitation, and where they come from. */
export interface SignUp {
  email: EmailAddress;
  referralCode: string | null;
  clientInfo: ClientInfo;
  locale: string;
  /** Of the IANA database; null for that of a user who says none. */
  timeZone: string | null;
  campaign: CampaignParams | null;
}

/** Finds or creates the user of an address that was just verified. */
@Injectable()
export class SignUpService {
  // eslint-disable-next-line max-params -- a sign-up concerns users, roles, referrals and events
  constructor(
    private readonly usersRepository: UsersRepository,
    private readonly userRoles: UserRoles,
    private readonly linking: ReferralLinking,
    private readonly secrets: Secrets,
    private readonly outbox: Outbox,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * The user of `email`, created when there is none, in one transaction with the referral of a new
   * user. An existing user is never linked: an invitation is for new users. Concurrent calls: one
   * user, one referral.
   */
  async findOrCreate(
    tx: Tx,
    { email, referralCode, clientInfo, locale, timeZone, campaign }: SignUp,
  ): Promise<{ user: User; isNew: boolean }> {
    const { user, isNew } = await this.usersRepository.findOrCreate(tx, email, { locale, timeZone });
    if (isNew) {
      const event: UserCreated = { name: 'auth.user_created', userId: user.id };
      this.outbox.publish(tx, event);
      const referral =
        referralCode === null ? null : { ...this.referralDetails(user), code: referralCode, campaign };
      await this.linking.recordSignUp(tx, user.id, this.fraudSignalsOf(email, clientInfo), referral);
    }
    return { user: await this.userRoles.grantConfiguredAdmin(tx, user), isNew };
  }

  /** Saves the mailbox of a new user whom another product created, for the fraud rules. */
  recordMailbox(tx: Tx, { id, email }: User): Promise<void> {
    const signals = hashSignals(this.secrets, 'mailbox', canonicalMailbox(email));
    return this.linking.recordSignUp(tx, id, signals, null);
  }

  /** What referral needs to know of a user to link them. */
  referralDetails({ id, email }: User): Omit<NewReferral, 'code'> {
    return {
      referredId: id,
      label: maskEmail(email),
      emailHashes: this.secrets.hashes('email', canonicalMailbox(email)),
      domainClass: classifyEmailDomain(email, this.config.disposableDomains),
    };
  }

  /** A network that many unrelated people share, or an unknown one, is no signal. */
  private fraudSignalsOf(email: string, { ip, device }: ClientInfo): Signal[] {
    const network = publicIpPrefix(ip);
    const known: [Signal['kind'], string | null][] = [
      ['mailbox', canonicalMailbox(email)],
      ['network', network],
      ['device', device],
    ];
    return known.flatMap(([kind, value]) => (value === null ? [] : hashSignals(this.secrets, kind, value)));
  }
}
