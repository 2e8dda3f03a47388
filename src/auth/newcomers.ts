import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '../platform/audit.js';
import { after, dayMs } from '../platform/durations.js';
import { DomainError } from '../platform/errors.js';
import type { Config } from '../platform/config.js';
import type { Tx } from '../platform/database/tx.js';
import { Secrets } from '../platform/secrets.js';
import { CONFIG } from '../platform/tokens.js';
import {
  domainClassOf,
  ReferralService,
  signalsOf,
  type Newcomer,
  type Signal,
  type Touch,
} from '../referral/index.js';
import type { Client } from './client.js';
import { mailboxOf, maskEmail, type EmailAddress } from '../platform/email-address.js';
import { publicNetworkOf } from './network.js';
import { Roles } from './roles.js';
import type { User } from './user.js';
import { Users } from './users.js';

/** Somebody who has proven an address: with which invitation, and from where. */
export interface Arrival {
  email: EmailAddress;
  refCode: string | null;
  client: Client;
  locale: string;
  touch: Touch | null;
}

/** An invitation that somebody adds later, or that staff add for them (`by`). */
export interface LateClaim {
  code: string;
  at: Date;
  by?: { actor: Actor; noteId: string };
}

/** Meets the owner of an address that was just proven. */
@Injectable()
export class Newcomers {
  constructor(
    private readonly users: Users,
    private readonly roles: Roles,
    private readonly referrals: ReferralService,
    private readonly secrets: Secrets,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * The user of `email`, made when there is none, in one transaction with the referral of a newcomer. Somebody
   * known is never linked: an invitation is for new people. At once: one user, one referral.
   */
  async welcome(
    tx: Tx,
    { email, refCode, client, locale, touch }: Arrival,
  ): Promise<{ user: User; created: boolean }> {
    const { user, created } = await this.users.findOrCreate(tx, email, locale);
    if (created) this.referrals.noteSignals(tx, user.id, this.signalsOf(email, client));
    if (created && refCode !== null)
      await this.referrals.link(tx, { ...this.newcomer(user, refCode), touch });
    return { user: await this.roles.appoint(tx, user), created };
  }

  /**
   * Writes down later who brought `userId`. Errors: those of {@link ReferralService.claim}; `request.not_found` for nobody;
   * `referral.claim_too_late` where the terms in force give no time any more.
   */
  async claim(
    tx: Tx,
    userId: string,
    { code, at, by }: LateClaim,
  ): Promise<{ id: string; referrerId: string }> {
    const user = await this.users.keep(tx, userId);
    if (user === null) throw new DomainError('request.not_found', { detail: 'No such user.' });
    const { lateClaimDays } = await this.referrals.currentTerms();
    if (by === undefined && at > after(user.createdAt, lateClaimDays * dayMs))
      throw new DomainError('referral.claim_too_late', {
        detail: `An invitation can be added within ${lateClaimDays} days after signing up.`,
      });
    const origin = by === undefined ? ('claim' as const) : ('admin' as const);
    return this.referrals.claim(tx, { ...this.newcomer(user, code), origin, ...by });
  }

  private newcomer({ id, email }: User, code: string): Newcomer {
    return {
      code,
      referredId: id,
      label: maskEmail(email),
      emailHashes: this.secrets.hashes('email', mailboxOf(email)),
      domainClass: domainClassOf(email, this.config.disposableDomains),
    };
  }

  /** A network that whole towns share, or none at all, says nothing. */
  private signalsOf(email: string, { ip, device }: Client): Signal[] {
    const network = publicNetworkOf(ip);
    const known: [Signal['kind'], string | null][] = [
      ['mailbox', mailboxOf(email)],
      ['network', network],
      ['device', device],
    ];
    return known.flatMap(([kind, value]) => (value === null ? [] : signalsOf(this.secrets, kind, value)));
  }
}
