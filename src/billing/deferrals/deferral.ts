/**
 * Where a deferral stands. `planned`: to be looked at; `asked`: Stripe is being asked for `targetAt`; `confirmed`: Stripe
 * did it; `undoing`, `undone`: the charge comes back, or came back, to an earlier day; `fallen_back`: the days wait behind
 * the paid period instead; `cancelled`: nothing was left to put a charge off by.
 */
export type DeferralState =
  'planned' | 'asked' | 'confirmed' | 'undoing' | 'undone' | 'fallen_back' | 'cancelled';

/** A charge of `subscriptionId` that the days of one credit entry put off, from `previousEndAt` to `targetAt`. */
export interface Deferral {
  entryId: string;
  userId: string;
  subscriptionId: string | null;
  state: DeferralState;
  attempt: number;
  previousEndAt: Date | null;
  targetAt: Date | null;
  undoTo: Date | null;
  ledgerEntryId: string | null;
}

/** A deferral that knows which charge it moves. */
export interface PlacedDeferral extends Deferral {
  subscriptionId: string;
  previousEndAt: Date;
  targetAt: Date;
}

/** Errors: the row contradicts its own constraint. */
export function placed(deferral: Deferral): PlacedDeferral {
  const { subscriptionId, previousEndAt, targetAt } = deferral;
  if (subscriptionId === null || previousEndAt === null || targetAt === null)
    throw new Error(`Deferral ${deferral.entryId} is ${deferral.state} and does not know its charge`);
  return { ...deferral, subscriptionId, previousEndAt, targetAt };
}

/** A row of billing.deferral. */
export interface DeferralRow {
  entry_id: string;
  user_id: string;
  subscription_id: string | null;
  state: DeferralState;
  attempt: number;
  previous_end_at: Date | null;
  target_at: Date | null;
  undo_to: Date | null;
  ledger_entry_id: string | null;
}

/** The deferral that a row holds. */
export function deferralOf(row: DeferralRow): Deferral {
  return {
    entryId: row.entry_id,
    userId: row.user_id,
    subscriptionId: row.subscription_id,
    state: row.state,
    attempt: row.attempt,
    previousEndAt: row.previous_end_at,
    targetAt: row.target_at,
    undoTo: row.undo_to,
    ledgerEntryId: row.ledger_entry_id,
  };
}
