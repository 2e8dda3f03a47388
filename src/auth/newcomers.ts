import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../platform/config.js';
import type { Tx } from '../platform/database/tx.js';
import { Secrets } from '../platform/secrets.js';
import { CONFIG } from '../platform/tokens.js';
import { domainClassOf, ReferralService, type Signal } from '../referral/index.js';
import type { Client } from './client.js';
import { mailboxOf, maskEmail } from './email-address.js';
import { publicNetworkOf } from './network.js';
import { Roles } from './roles.js';
import type { User } from './user.js';
import { Users } from './users.js';

/** Somebody who has proven an address: with which invitation, and from where. */
export interface Arrival {
  email: string;
  refCode: string | null;
  client: Client;
  locale: string;
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
    { email, refCode, client, locale }: Arrival,
  ): Promise<{ user: User; created: boolean }> {
    const { user, created } = await this.users.findOrCreate(tx, email, locale);
    if (created) await this.referrals.noteSignals(tx, user.id, this.signalsOf(email, client));
    if (created && refCode !== null)
      await this.referrals.link(tx, {
        code: refCode,
        referredId: user.id,
        label: maskEmail(email),
        emailHashes: this.secrets.hashes('email', mailboxOf(email)),
        domainClass: domainClassOf(email, this.config.disposableDomains),
      });
    return { user: await this.roles.appoint(tx, user), created };
  }

  /** A network that whole towns share, or none at all, says nothing. */
  private signalsOf(email: string, { ip, device }: Client): Signal[] {
    const network = publicNetworkOf(ip);
    const known: [Signal['kind'], string | null][] = [
      ['mailbox', mailboxOf(email)],
      ['network', network],
      ['device', device],
    ];
    return known.flatMap(([kind, value]) =>
      value === null ? [] : [{ kind, hash: this.secrets.hash('signal', `${kind}:${value}`) }],
    );
  }
}
