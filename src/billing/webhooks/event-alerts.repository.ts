import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { onCommit, type Tx } from '../../platform/database/tx.js';
import { Log } from '../../platform/observability/logging/log.js';

interface EventAlert {
  name: string;
  details: Record<string, unknown>;
}

/** An event of the inbox. */
export interface EventRef {
  id: string;
  type: string;
}

/** Those that no event was named for yet, and those that one was. */
interface RaisedAlerts {
  unassigned: EventAlert[];
  assigned: EventAlert[];
}

const alertsByTransaction = new WeakMap<Tx, RaisedAlerts>();

/**
 * Alerts about what Stripe said. Each is logged and counted once per event and name, after the
 * commit, with the event's id.
 */
@Injectable()
export class EventAlerts {
  constructor(
    private readonly log: Log,
    private readonly clock: Clock,
  ) {}

  /** Raises an alert about what is applied in `tx`. It is lost when `tx` rolls back. */
  raise(tx: Tx, name: string, details: Record<string, unknown>): void {
    const known = alertsByTransaction.get(tx);
    if (known !== undefined) known.unassigned.push({ name, details });
    else {
      const raisedAlerts: RaisedAlerts = { unassigned: [{ name, details }], assigned: [] };
      alertsByTransaction.set(tx, raisedAlerts);
      onCommit(tx, () => {
        for (const alert of [...raisedAlerts.assigned, ...raisedAlerts.unassigned])
          this.log.alert(alert.name, alert.details);
      });
    }
  }

  /** Whether an alert was raised in `tx` that names no event yet. */
  hasUnassigned(tx: Tx): boolean {
    return (alertsByTransaction.get(tx)?.unassigned.length ?? 0) > 0;
  }

  /**
   * Takes out of the alerts raised in `tx` those that this event, which is in the inbox, raised
   * before; the others name it.
   */
  async assignTo(tx: Tx, event: EventRef): Promise<void> {
    const raised = alertsByTransaction.get(tx);
    if (raised === undefined || raised.unassigned.length === 0) return;
    const alerts = raised.unassigned.splice(0);
    const inserted: { name: string }[] = await tx.query(
      `INSERT INTO billing.event_alert (event_id, name, raised_at) SELECT $1, unnest($2::text[]), $3
       ON CONFLICT (event_id, name) DO NOTHING RETURNING name`,
      [event.id, [...new Set(alerts.map(({ name }) => name))], this.clock.now()],
    );
    const notYetRaised = new Set(inserted.map(({ name }) => name));
    for (const { name, details } of alerts)
      if (notYetRaised.delete(name))
        raised.assigned.push({ name, details: { eventId: event.id, type: event.type, ...details } });
  }
}
