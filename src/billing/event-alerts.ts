import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { onCommit } from '../platform/database/on-commit.js';
import type { Tx } from '../platform/database/tx.js';
import { Log } from '../platform/log.js';

interface Alert {
  name: string;
  facts: Record<string, unknown>;
}

/** An event of the inbox. */
export interface NamedEvent {
  id: string;
  type: string;
}

/** Those that no event was named for yet, and those that one was. */
interface Raised {
  fresh: Alert[];
  attributed: Alert[];
}

const raisedIn = new WeakMap<Tx, Raised>();

/** Alerts about what Stripe said. Each is logged and counted once per event and name, after the commit, with the event's id. */
@Injectable()
export class EventAlerts {
  constructor(
    private readonly log: Log,
    private readonly clock: Clock,
  ) {}

  /** Raises an alert about what is applied in `tx`. It is lost when `tx` rolls back. */
  raise(tx: Tx, name: string, facts: Record<string, unknown>): void {
    const known = raisedIn.get(tx);
    if (known !== undefined) known.fresh.push({ name, facts });
    else {
      const raised: Raised = { fresh: [{ name, facts }], attributed: [] };
      raisedIn.set(tx, raised);
      onCommit(tx, () => {
        for (const alert of [...raised.attributed, ...raised.fresh]) this.log.alert(alert.name, alert.facts);
      });
    }
  }

  /** Takes out of the alerts raised in `tx` those that this event, which is in the inbox, raised before; the others name it. */
  async attribute(tx: Tx, event: NamedEvent): Promise<void> {
    const raised = raisedIn.get(tx);
    if (raised === undefined || raised.fresh.length === 0) return;
    const alerts = raised.fresh.splice(0);
    const made: { name: string }[] = await tx.query(
      `INSERT INTO billing.event_alert (event_id, name, raised_at) SELECT $1, unnest($2::text[]), $3
       ON CONFLICT (event_id, name) DO NOTHING RETURNING name`,
      [event.id, [...new Set(alerts.map(({ name }) => name))], this.clock.now()],
    );
    const unheard = new Set(made.map(({ name }) => name));
    for (const { name, facts } of alerts)
      if (unheard.delete(name))
        raised.attributed.push({ name, facts: { eventId: event.id, type: event.type, ...facts } });
  }
}
