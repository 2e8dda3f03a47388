import { Injectable } from '@nestjs/common';
import { CreditDelivery } from '../../credit/index.js';
import { Database } from '../../platform/database/database.js';
import type { Queryable } from '../../platform/database/tx.js';
import { violates } from '../../platform/database/sqlstate.js';
import { DomainError } from '../../platform/errors.js';
import { Accounts } from '../accounts.js';
import { placed, type Deferral, type DeferralState, type PlacedDeferral } from './deferral.js';
import { DeferralBook, type Change } from './deferral-book.js';
import { DeferralSettlement } from './deferral-settlement.js';

/** The steps of a deferral between two questions to Stripe, each committed before the next question. */
@Injectable()
export class DeferralSteps {
  constructor(
    private readonly book: DeferralBook,
    private readonly accounts: Accounts,
    private readonly settlement: DeferralSettlement,
    private readonly credit: CreditDelivery,
    private readonly database: Database,
  ) {}

  /** See {@link DeferralBook.plan}. */
  plan(entryId: string, userId: string): Promise<Deferral> {
    return this.database.transaction((tx) => this.book.plan(tx, entryId, userId));
  }

  /** The deferral of an entry, or null. */
  find(entryId: string): Promise<Deferral | null> {
    return this.book.find(this.database, entryId);
  }

  /** Those that Stripe is being asked about for the same user, other than this one. */
  othersInFlight(deferral: Deferral): Promise<Deferral[]> {
    return this.book.othersInFlight(this.database, deferral);
  }

  /** Whether what the entry rewarded is taken back; by now it may stand again. */
  isRevoked({ entryId }: Deferral): Promise<boolean> {
    return this.credit.isRevoked(this.database, entryId);
  }

  /** Ends a deferral that will not be: without a charge to move its days wait; without days there is nothing. */
  async giveUp(deferral: Deferral, reason: string): Promise<void> {
    const to = reason === 'nothing_left' ? 'cancelled' : 'fallen_back';
    await this.database.transaction((tx) =>
      this.book.move(tx, deferral, [deferral.state, to], { detail: reason }),
    );
  }

  /** What a step to Stripe rests on: the ledger of the entry, whose it is, and how all deferrals stand. To be taken first, see {@link ask}. */
  grounds(deferral: Deferral): Promise<string> {
    return this.groundsOf(this.database, deferral);
  }

  /**
   * Goes on to a step that asks Stripe. Null when somebody else did so. `change` was worked out after `grounds` were taken: if
   * they have changed since, another deferral may have moved the charge, or the credit is elsewhere.
   * Errors: `billing.busy` then, and while Stripe is asked about another deferral of the subscription; it is tried again.
   */
  async ask(
    deferral: Deferral,
    to: 'asked' | 'undoing',
    change: Change,
    grounds: string,
  ): Promise<PlacedDeferral | null> {
    try {
      const asked = await this.database.transaction(async (tx) => {
        await this.accounts.lock(tx, deferral.userId); // charges are confirmed and undone, and accounts merged, under it
        if ((await this.groundsOf(tx, deferral)) !== grounds) throw busy();
        return this.book.move(tx, deferral, [deferral.state, to], { ...change, again: true });
      });
      return asked === null ? null : placed(asked);
    } catch (error) {
      throw violates(error, 'deferral_one_in_flight') ? busy() : error;
    }
  }

  /** Stripe failed: it is asked anew, as another question. Errors: `billing.stripe_unreachable`, always. */
  async failed(deferral: PlacedDeferral): Promise<never> {
    await this.step(deferral, deferral.state, { again: true });
    throw new DomainError('billing.stripe_unreachable');
  }

  /** An undoing that Stripe refused: the charge stays where it is. */
  async stays(undoing: Deferral, detail: string): Promise<void> {
    await this.step(undoing, 'confirmed', { detail });
  }

  /** See {@link DeferralSettlement.confirm}. */
  confirm(asked: PlacedDeferral, target: Date): Promise<void> {
    return this.database.transaction((tx) => this.settlement.confirm(tx, asked, target));
  }

  /** See {@link DeferralSettlement.undone}. */
  undone(undoing: PlacedDeferral, undoTo: Date): Promise<void> {
    return this.database.transaction((tx) => this.settlement.undone(tx, undoing, undoTo));
  }

  private async groundsOf(db: Queryable, deferral: Deferral): Promise<string> {
    const { lines } = await this.credit.leftOf(db, deferral.entryId);
    return `${lines} ${await this.book.progress(db, deferral)}`;
  }

  private step(deferral: Deferral, to: DeferralState, change: Change): Promise<Deferral | null> {
    return this.database.transaction((tx) => this.book.move(tx, deferral, [deferral.state, to], change));
  }
}

function busy(): DomainError {
  return new DomainError('billing.busy', {
    detail: 'Another charge of this subscription is being moved, or the credit itself.',
  });
}
