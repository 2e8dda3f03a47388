import type { ComponentChildren } from 'preact';
import type { Overview } from './overview.js';
import { CustomerRow, EventRow, InvoiceRow, PaymentRow, SubscriptionRow } from './dashboard-rows.js';
import { FaultsPanel } from './faults-panel.js';
import { renderPage } from './layout.js';
import { ReversalRows, CreditNoteRows } from './reversal-rows.js';

/** The overview of everything in the sandbox, with what can be done to it. */
export function dashboardPage(overview: Overview, appName: string): string {
  return renderPage({
    title: 'Stripe sandbox',
    appName,
    wide: true,
    children: (
      <>
        <MoneySections {...overview} />
        <Section
          name="Customers"
          empty="No customers yet. A customer appears with the first checkout."
          {...overview.customers}
        >
          {overview.customers.rows.map((row) => (
            <CustomerRow key={row.id} customer={row} />
          ))}
        </Section>
        <FaultsPanel faults={overview.faults} undelivered={overview.undelivered} />
        <Section name="Events" empty="Nothing has happened yet." {...overview.events}>
          {overview.events.rows.map((row) => (
            <EventRow key={row.id} event={row} />
          ))}
        </Section>
      </>
    ),
  });
}

function MoneySections({ subscriptions, charges, invoices, emails, ...below }: Overview) {
  const { refunds, disputes, warnings, creditNotes } = below;
  return (
    <>
      <Section name="Subscriptions" empty="None yet: subscribe in the app." {...subscriptions}>
        {subscriptions.rows.map((row) => (
          <SubscriptionRow key={row.id} subscription={row} email={emails.get(row.id)} />
        ))}
      </Section>
      <Section name="Payments" empty="No payment yet." {...charges}>
        {charges.rows.map((row) => (
          <PaymentRow key={row.id} charge={row} email={emails.get(row.id)}>
            <ReversalRows
              refunds={refunds.filter(({ charge }) => charge === row.id)}
              disputes={disputes.filter(({ charge }) => charge === row.id)}
              warnings={warnings.filter(({ charge }) => charge === row.id)}
            />
          </PaymentRow>
        ))}
      </Section>
      <Section name="Invoices" empty="No invoice yet." {...invoices}>
        {invoices.rows.map((row) => (
          <InvoiceRow key={row.id} invoice={row}>
            <CreditNoteRows notes={creditNotes.filter(({ invoice }) => invoice === row.id)} />
          </InvoiceRow>
        ))}
      </Section>
    </>
  );
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
