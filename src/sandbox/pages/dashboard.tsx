import type { Children } from '#jsx/jsx-runtime';
import { actionRunners, type ActionRunner } from '../actions/action-groups.js';
import { eventPage } from './event-page.js';
import { clearFaults, writeFaults, type Faults } from '../webhooks/faults.js';
import { redeliver, redeliverUndelivered, eventWithDeliveries } from '../webhooks/deliveries.js';
import { readOverview, type Overview } from './overview.js';
import type { PageResponse, PageRoute, PageRequest } from './route.js';
import { CustomerRow, EventRow, InvoiceRow, PaymentRow, SubscriptionRow } from './dashboard-rows.js';
import { renderPage } from './layout.js';
import { ReversalRows, CreditNoteRows } from './reversal-rows.js';

/** The overview, the page of an event, and what their buttons do. */
export const dashboardPages: PageRoute[] = [
  { method: 'GET', path: '/', handle: showOverview },
  { method: 'GET', path: '/events/:id', handle: showEvent },
  { method: 'POST', path: '/events/:id', handle: sendEvent },
  { method: 'POST', path: '/faults', handle: setFaults },
  ...actionRunners.map(actionRoute),
];

async function showOverview({ unitOfWork, context }: PageRequest): Promise<PageResponse> {
  return { html: dashboardPage(await readOverview(unitOfWork), context.appName) };
}

async function showEvent({ id, unitOfWork, context }: PageRequest): Promise<PageResponse> {
  return { html: eventPage(await eventWithDeliveries(unitOfWork.client, id), context.appName) };
}

async function sendEvent({ id, unitOfWork }: PageRequest): Promise<PageResponse> {
  await redeliver(unitOfWork.client, id);
  return { goTo: `/events/${id}` };
}

async function setFaults({ unitOfWork, fields }: PageRequest): Promise<PageResponse> {
  const action = fields.oneOf('action', 'set', 'off', 'send');
  if (action === 'set') await writeFaults(unitOfWork.client, fields);
  if (action === 'off') await clearFaults(unitOfWork.client);
  if (action === 'send') await redeliverUndelivered(unitOfWork.client);
  return { goTo: '/#faults' };
}

function actionRoute({ path, names, run }: ActionRunner): PageRoute {
  const answer = async ({ id, unitOfWork, fields }: PageRequest): Promise<PageResponse> => {
    await run(unitOfWork, id, fields.oneOf('action', ...names) ?? '', fields);
    return { goTo: '/' };
  };
  return { method: 'POST', path: `/${path}/:id`, handle: answer };
}

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
  children: Children;
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

/** Where the overview lets the delivery of events go wrong on purpose. */
export function FaultsPanel({ faults, undelivered }: { faults: Faults; undelivered: number }) {
  return (
    <section aria-labelledby="faults">
      <h2 id="faults">
        Delivery <span class="quiet">{describeFaults(faults)}</span>
      </h2>
      <form method="post" action="/faults" class="card faults" aria-label="Faults of the delivery">
        <NumberField name="duplicate" label="Extra copies" value={faults.duplicate} most={20} />
        <NumberField name="delayMs" label="Delay, ms" value={faults.delayMs} most={3_600_000} />
        <NumberField name="dropPercent" label="Lost, %" value={faults.dropPercent} most={100} />
        <div class="field">
          <label for="reorder">Out of order</label>
          <select id="reorder" name="reorder">
            <option value="false" selected={!faults.reorder}>
              no
            </option>
            <option value="true" selected={faults.reorder}>
              yes
            </option>
          </select>
        </div>
        <div class="actions">
          <button name="action" value="set">
            Set faults
          </button>
          <button name="action" value="off">
            All off
          </button>
          {undelivered > 0 && (
            <button name="action" value="send">
              Send {undelivered} undelivered
            </button>
          )}
        </div>
      </form>
    </section>
  );
}

function NumberField({
  name,
  label,
  value,
  most,
}: {
  name: string;
  label: string;
  value: number;
  most: number;
}) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input id={name} name={name} type="number" min={0} max={most} value={value} required />
    </div>
  );
}

function describeFaults({ duplicate, reorder, delayMs, dropPercent }: Faults): string {
  const words = [
    duplicate > 0 && `${duplicate + 1} times each`,
    reorder && 'out of order',
    delayMs > 0 && `${delayMs} ms late`,
    dropPercent > 0 && `${dropPercent} % lost`,
  ].filter(Boolean);
  return words.length === 0 ? 'as it should be' : words.join(', ');
}
