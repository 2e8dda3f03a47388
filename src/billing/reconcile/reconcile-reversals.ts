import { Inject, Injectable } from '@nestjs/common';
import Stripe from 'stripe';
import { readPage } from '../../platform/database/bulk.js';
import { Database } from '../../platform/database/database.js';
import { forEachKey } from '../../platform/database/for-each-key.js';
import { after, dayMs } from '../../platform/durations.js';
import { EventIntake } from '../event-intake.js';
import { PaymentSync } from '../reversals/payment-sync.js';
import {
  creditNoteOf,
  disputeOf,
  fraudWarningOf,
  refundOf,
  type Reversal,
  type Unreadable,
} from '../reversals/reversal.js';
import { STRIPE } from '../stripe-client.js';
import type { Round } from './round.js';
import { inPages, madeBetween, orNull, pageSize } from '../stripe-lists.js';

/** A bank may send a refund back weeks later; a generous guess, since Stripe names no limit. */
const refundMayFailMs = 45 * dayMs;
/** A lost dispute may be appealed, and an inquiry come back as a dispute; a generous guess as well. */
const disputeMayTurnMs = 180 * dayMs;

/** A refund, dispute, credit note or fraud warning, as Stripe lists it and as we read it. */
interface Listed {
  object: unknown;
  reversal: Reversal | Unreadable;
}

/** How each kind is applied; what PaymentSync asks for by itself needs no more. */
const ownEvent: Partial<Record<Reversal['kind'], string>> = {
  credit_note: 'credit_note.updated',
  early_fraud_warning: 'radar.early_fraud_warning.updated',
};

/** Compares what was paid back or is at risk: all that was made in the round's time, and whatever we think is undecided. */
@Injectable()
export class ReconcileReversals {
  constructor(
    @Inject(STRIPE) private readonly stripe: Stripe,
    private readonly intake: EventIntake,
    private readonly payments: PaymentSync,
    private readonly database: Database,
  ) {}

  /** Looks at all of them, and applies what differs. Errors: see {@link Round.bring}. */
  async run(round: Round): Promise<void> {
    const sources = [...this.made(round), this.undecided(round.span.until)];
    for (const source of sources)
      for await (const page of inPages(source)) {
        await this.compare(round, page);
        round.looked(page.length);
        if (round.isOver) return;
      }
  }

  private made(round: Round): AsyncGenerator<Listed>[] {
    const asked = { created: madeBetween(round.span), limit: pageSize };
    return [
      read(this.stripe.refunds.list(asked), refundOf),
      read(this.stripe.disputes.list(asked), disputeOf),
      read(this.stripe.creditNotes.list(asked), creditNoteOf),
      read(this.stripe.radar.earlyFraudWarnings.list(asked), fraudWarningOf),
    ];
  }

  /** What may have been decided since, however long ago it was made; also what seemed decided, for as long as it can turn. */
  private async *undecided(now: Date): AsyncGenerator<Listed> {
    for (let last = ''; ;) {
      const rows = await this.undecidedAfter(last, now);
      for (const { id, kind } of rows) {
        if (kind === 'refund') yield* one(await orNull(this.stripe.refunds.retrieve(id)), refundOf);
        else yield* one(await orNull(this.stripe.disputes.retrieve(id)), disputeOf);
      }
      if (rows.length < pageSize) return;
      last = rows.at(-1)?.id ?? last;
    }
  }

  private undecidedAfter(id: string, now: Date): Promise<{ id: string; kind: 'refund' | 'dispute' }[]> {
    return readPage(
      this.database,
      `SELECT id, kind FROM billing.reversal
       WHERE id > $3
         AND (kind = 'refund' AND (status IN ('pending', 'requires_action') OR status = 'succeeded' AND snapshot_at > $1)
           OR kind = 'dispute' AND (status NOT IN ('won', 'lost', 'warning_closed', 'charge_refunded', 'prevented')
                                    OR status IN ('lost', 'warning_closed') AND snapshot_at > $2))
       ORDER BY id LIMIT ${pageSize}`,
      [after(now, -refundMayFailMs), after(now, -disputeMayTurnMs), id],
    );
  }

  private async compare(round: Round, page: Listed[]): Promise<void> {
    const readable = page.flatMap(({ object, reversal }) =>
      reversal === 'unknown_shape' ? [] : [{ object, reversal }],
    );
    const known = await this.statuses(readable.map(({ reversal }) => reversal.id));
    for (const { object, reversal } of readable) {
      const { id, kind, status } = reversal;
      const before = known.get(id);
      if (before === status) continue;
      await round.bring({ what: kind, id, says: status }, async () => {
        await this.apply(reversal, object);
        const now = (await this.statuses([id])).get(id);
        // unchanged: its status is one that we do not know, or says the same in other words
        return now === before ? null : `applied: ${before ?? 'unknown'} is now ${now}`;
      });
    }
  }

  private async apply({ kind, paymentIntentId, chargeId }: Reversal, object: unknown): Promise<void> {
    const paymentId = paymentIntentId ?? chargeId;
    if (paymentId !== null) await this.payments.sync(paymentId);
    const type = ownEvent[kind];
    if (type !== undefined) await this.intake.takeFetched(type, object);
  }

  private async statuses(ids: string[]): Promise<Map<string, string>> {
    const rows = await this.database.query<{ id: string; status: string }>(
      forEachKey('text', `SELECT id, status FROM billing.reversal WHERE id = asked.key`),
      [JSON.stringify(ids)],
    );
    return new Map(rows.map((row) => [row.id, row.status]));
  }
}

type Reader<T> = (object: T) => Reversal | Unreadable;

async function* read<T>(list: AsyncIterable<T>, reader: Reader<T>): AsyncGenerator<Listed> {
  for await (const object of list) yield { object, reversal: reader(object) };
}

function* one<T>(object: T | null, reader: Reader<T>): Generator<Listed> {
  if (object !== null) yield { object, reversal: reader(object) };
}
