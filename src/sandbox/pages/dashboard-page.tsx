import type { ComponentChildren } from 'preact';
import type { Overview } from './overview.js';
import { CustomerRow, DisputeRow, EventRow, PaymentRow, SubscriptionRow } from './dashboard-rows.js';
import { page } from './layout.js';

/** The overview of everything in the sandbox, with what can be done to it. */
export function dashboardPage(overview: Overview, appName: string): string {
  const { customers, subscriptions, charges, disputes, events, emails } = overview;
  return page({
    title: 'Stripe sandbox',
    appName,
    wide: true,
    children: (
      <>
        <Section name="Subscriptions" empty="None yet: subscribe in the app." {...subscriptions}>
          {subscriptions.rows.map((row) => (
            <SubscriptionRow key={row.id} subscription={row} email={emails.get(row.id)} />
          ))}
        </Section>
        <Section name="Payments" empty="No payment yet." {...charges}>
          {charges.rows.map((row) => (
            <PaymentRow key={row.id} charge={row} email={emails.get(row.id)} />
          ))}
        </Section>
        {disputes.total > 0 && (
          <Section name="Disputes" empty="" {...disputes}>
            {disputes.rows.map((row) => (
              <DisputeRow key={row.id} dispute={row} email={emails.get(row.id)} />
            ))}
          </Section>
        )}
        <Section
          name="Customers"
          empty="Nobody yet: a customer appears with the first checkout."
          {...customers}
        >
          {customers.rows.map((row) => (
            <CustomerRow key={row.id} customer={row} />
          ))}
        </Section>
        <Section name="Events" empty="Nothing has happened yet." {...events}>
          {events.rows.map((row) => (
            <EventRow key={row.id} event={row} />
          ))}
        </Section>
      </>
    ),
  });
}

interface SectionProps {
  name: string;
  empty: string;
  rows: unknown[];
  total: number;
  children: ComponentChildren;
}

function Section({ name, empty, rows, total, children }: SectionProps) {
  return (
    <section>
      <h2>
        {name} <span class="quiet">{total > rows.length ? `latest ${rows.length} of ${total}` : total}</span>
      </h2>
      {total === 0 ? <p class="card empty">{empty}</p> : <ul class="rows">{children}</ul>}
    </section>
  );
}
