import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Config } from '../../platform/config.js';
import { Audit, type Actor } from '../../platform/audit.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { CONFIG } from '../../platform/tokens.js';
import { StrandedSubscriptions } from './stranded-subscriptions.js';
import { accountInWords, accountOfKey, isSameAccount, knownAccount } from './account-of-key.js';

/** The key opens another account at Stripe, or the other mode, than the one that everything stored here belongs to. */
export class WrongStripeAccount extends Error {}

/** Sees to it that one installation works with one account at Stripe, until somebody says otherwise. */
@Injectable()
export class StripeAccount {
  private readonly log = new Logger('billing');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly stranded: StrandedSubscriptions,
    private readonly audit: Audit,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Notes the account of the key at the first start, and compares it at every other. Where Stripe does not say, the start goes
   * on. Errors: {@link WrongStripeAccount}.
   */
  async check(): Promise<void> {
    const present = await accountOfKey(this.config);
    if (present === null) return this.log.warn({ msg: 'stripe.account_not_compared' });
    await this.database.query(
      `INSERT INTO billing.stripe_account (account_id, livemode, since) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      [present.accountId, present.livemode, this.clock.now()],
    );
    const known = await knownAccount(this.database);
    if (known !== null && !isSameAccount(known, present))
      throw new WrongStripeAccount(
        `STRIPE_SECRET_KEY opens the Stripe account ${accountInWords(present)}, but since ${known.since.toISOString()} this ` +
          `installation has worked with ${accountInWords(known)}: its customers, subscriptions and payments are there.\n` +
          `Set a key of that account. If the change is meant: npx twofold stripe-account accept ${present.accountId}`,
      );
  }

  /**
   * Works with the account of the present key from now on. Nothing will be said of the subscriptions of the other one any
   * more, so they end with what was paid for. Answers how many; null when the key does not open `accountId`. Idempotent.
   */
  async accept(accountId: string, actor: Actor): Promise<number | null> {
    const present = await accountOfKey(this.config);
    if (present?.accountId !== accountId) return null;
    const known = await knownAccount(this.database);
    if (known !== null && isSameAccount(known, present)) return 0;
    const stranded = known === null ? 0 : await this.stranded.endWithWhatIsPaid();
    await this.database.transaction(async (tx) => {
      await tx.query(
        `INSERT INTO billing.stripe_account (account_id, livemode, since) VALUES ($1, $2, $3)
         ON CONFLICT (is_only) DO UPDATE SET account_id = excluded.account_id, livemode = excluded.livemode, since = excluded.since`,
        [present.accountId, present.livemode, this.clock.now()],
      );
      const facts = { from: known && accountInWords(known), to: accountInWords(present), stranded };
      this.audit.record(tx, { action: 'billing.stripe_account_accepted', actor, facts });
    });
    return stranded;
  }
}
