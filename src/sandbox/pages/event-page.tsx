import type { Attempt, SentEvent } from '../webhooks/deliveries.js';
import { renderPage, StatusBadge, formatDateTime } from './layout.js';

/** An event with every delivery of it. */
export interface EventView {
  event: SentEvent;
  deliveries: { id: string; status: string; attempts: Attempt[] }[];
}

/** One event: each attempt to deliver it, and its whole payload. */
export function eventPage({ event, deliveries }: EventView, appName: string): string {
  return renderPage({
    title: event.type,
    appName,
    wide: true,
    back: true,
    children: (
      <>
        <p>
          <code>{event.id}</code>
        </p>
        <form method="post" action={`/events/${event.id}`} class="actions">
          <button name="action" value="send">
            Send again
          </button>
        </form>
        {deliveries.map((delivery, index) => (
          <Delivery key={delivery.id} number={index + 1} {...delivery} />
        ))}
        <h2>Payload</h2>
        <pre tabindex={0}>{JSON.stringify(event, null, 2)}</pre>
      </>
    ),
  });
}

function Delivery({ number, status, attempts }: { number: number; status: string; attempts: Attempt[] }) {
  return (
    <section>
      <h2>
        Delivery {number} <StatusBadge status={status} />
      </h2>
      {attempts.length === 0 && <p class="card empty">Not tried yet.</p>}
      <ul class="rows">
        {attempts.map((attempt) => (
          <li key={attempt.atMs}>
            <span>{formatDateTime(attempt.atMs)}</span>
            <span>{attempt.status ?? attempt.error}</span>
            <span class="quiet">{attempt.tookMs} ms</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
