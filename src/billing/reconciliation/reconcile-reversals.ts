import { Inject, Injectable } from '@nestjs/common';
import Stripe from 'stripe';
import { addMs, dayMs } from '../../platform/durations.js';
import { PaymentSync } from '../payments/payment-sync.js';
import {
  parseCreditNote,
  parseDispute,
  parseFraudWarning,
  parseRefund,
  type Reversal,
  type UnknownShape,
} from '../reversals/reversal.js';
import { STRIPE } from '../stripe/stripe-client.js';
import { paginate, createdBetween, nullIfMissing, pageSize } from '../stripe/stripe-objects.js';
import { WebhookProcessor } from '../webhooks/webhook-processor.js';
import type { ReconciliationRun } from './reconciliation-run.js';
import { ReconciliationRepository } from './reconciliation.repository.js';

/** A bank may send a refund back weeks later; a generous guess, since Stripe names no limit. */
const refundCanFailMs = 45 * dayMs;
/**
 * A lost dispute may be appealed, and an inquiry come back as a dispute; a generous guess as well.
 */
const disputeCanChangeMs = 180 * dayMs;

/** A refund, dispute, credit note or fraud warning, as Stripe lists it and as we read it. */
interface ListedReversal {
  object: unknown;
  reversal: Reversal | UnknownShape;
}

/** How each kind is applied; what PaymentSync asks for by itself needs no more. */
const eventTypeByKind: Partial<Record<Reversal['kind'], string>> = {
  credit_note: 'credit_note.updated',
  early_fraud_warning: 'radar.early_fraud_warning.updated',
};

/**
 * Compares what was paid back or is at risk: all that was made in the run's time, and whatever we
 * think is undecided.
 */
@Injectable()
export class ReconcileReversals {
  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    private readonly processor: WebhookProcessor,
    private readonly paymentSync: PaymentSync,
    private readonly repository: ReconciliationRepository,
  ) {}

  /** Checks all of them, and applies what differs. Errors: see {@link ReconciliationRun.apply}. */
  async run(reconciliationRun: ReconciliationRun): Promise<void> {
    const sources = [
      ...this.listCreated(reconciliationRun),
      this.listUndecided(reconciliationRun.range.until),
    ];
    for (const source of sources)
      for await (const page of paginate(source)) {
        await this.compare(reconciliationRun, page);
        reconciliationRun.compared(page.length);
        if (reconciliationRun.isTimeUp) return;
      }
  }

  private listCreated(reconciliationRun: ReconciliationRun): AsyncGenerator<ListedReversal>[] {
    const asked = { created: createdBetween(reconciliationRun.range), limit: pageSize };
    return [
      parseAll(this.stripe.refunds.list(asked), parseRefund),
      parseAll(this.stripe.disputes.list(asked), parseDispute),
      parseAll(this.stripe.creditNotes.list(asked), parseCreditNote),
      parseAll(this.stripe.radar.earlyFraudWarnings.list(asked), parseFraudWarning),
    ];
  }

  /**
   * What may have been decided since, however long ago it was made; also what seemed decided, for
   * as long as its status can change.
   */
  private async *listUndecided(now: Date): AsyncGenerator<ListedReversal> {
    const turning = {
      refundsSince: addMs(now, -refundCanFailMs),
      disputesSince: addMs(now, -disputeCanChangeMs),
    };
    for (let last = ''; ;) {
      const rows = await this.repository.listUndecidedReversals(last, turning);
      for (const { id, kind } of rows) {
        if (kind === 'refund')
          yield* parseOne(await nullIfMissing(this.stripe.refunds.retrieve(id)), parseRefund);
        else yield* parseOne(await nullIfMissing(this.stripe.disputes.retrieve(id)), parseDispute);
      }
      if (rows.length < pageSize) return;
      last = rows.at(-1)?.id ?? last;
    }
  }

  private async compare(reconciliationRun: ReconciliationRun, page: ListedReversal[]): Promise<void> {
    const readable = page.flatMap(({ object, reversal }) =>
      reversal === 'unknown_shape' ? [] : [{ object, reversal }],
    );
    const known = await this.repository.findReversalStatuses(readable.map(({ reversal }) => reversal.id));
    for (const { object, reversal } of readable) {
      const { id, kind, status } = reversal;
      const before = known.get(id);
      if (before === status) continue;
      await reconciliationRun.apply({ kind: kind, id, status: status }, async () => {
        await this.apply(reversal, object);
        const now = (await this.repository.findReversalStatuses([id])).get(id);
        // unchanged: its status is one that we do not know, or says the same in other words
        return now === before ? null : `applied: ${before ?? 'unknown'} is now ${now}`;
      });
    }
  }

  private async apply({ kind, paymentIntentId, chargeId }: Reversal, object: unknown): Promise<void> {
    const paymentId = paymentIntentId ?? chargeId;
    if (paymentId !== null) await this.paymentSync.sync(paymentId);
    const type = eventTypeByKind[kind];
    if (type !== undefined) await this.processor.applyFetched(type, object);
  }
}

type ReversalParser<T> = (object: T) => Reversal | UnknownShape;

async function* parseAll<T>(
  list: AsyncIterable<T>,
  reader: ReversalParser<T>,
): AsyncGenerator<ListedReversal> {
  for await (const object of list) yield { object, reversal: reader(object) };
}

function* parseOne<T>(object: T | null, reader: ReversalParser<T>): Generator<ListedReversal> {
  if (object !== null) yield { object, reversal: reader(object) };
}
