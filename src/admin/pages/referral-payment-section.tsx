import { DataTable, type Column } from '../../platform/pages/data-table.js';
import { anybody, Moment } from '../../platform/pages/moment.js';
import { EmptyState, Facts, Section } from '../../platform/pages/parts.js';
import { formatMoney } from '../../platform/money.js';
import type { ReferralPaymentModel } from './referral-model.js';

type Reversal = ReferralPaymentModel['reversals'][number];

/** The payment that a referral follows, with its refunds, disputes and notes. */
export function ReferralPaymentSection({ payment }: { payment: ReferralPaymentModel | null }) {
  if (payment === null)
    return (
      <Section id="payment" title="First payment">
        <EmptyState title="None yet">Both sides are credited the moment that it arrives.</EmptyState>
      </Section>
    );
  const { currency, period } = payment;
  return (
    <Section id="payment" title="First payment">
      <Facts
        items={[
          ['Invoice', <code>{payment.id}</code>],
          ['Paid', formatMoney({ amount: payment.amountPaid, currency })],
          ['Paid at', <Moment at={payment.paidAt} reader={anybody} />],
          ['Covers', period ? <Span {...period} /> : 'Not known'],
          ['Turned into credit', formatMoney({ amount: payment.givenAsCredit, currency })],
          ['Left', formatMoney({ amount: payment.left, currency })],
        ]}
      />
      {payment.reversals.length === 0 ? (
        <p>No refund, dispute, credit note or fraud warning is known of it.</p>
      ) : (
        <DataTable
          caption="Refunds, disputes, credit notes and warnings, oldest first"
          columns={columnsFor(currency)}
          rows={payment.reversals}
          keyOf={({ id }) => id}
        />
      )}
    </Section>
  );
}

function Span({ start, end }: { start: Date; end: Date }) {
  return (
    <>
      <Moment at={start} reader={anybody} dateOnly /> – <Moment at={end} reader={anybody} dateOnly />
    </>
  );
}

function columnsFor(currency: string): Column<Reversal>[] {
  return [
    { head: 'When', cell: ({ at }) => <Moment at={at} reader={anybody} /> },
    { head: 'What', cell: ({ kind }) => kind.replaceAll('_', ' ') },
    { head: 'Amount', kind: 'numeric', cell: ({ amount }) => formatMoney({ amount, currency }) },
    { head: 'Status', cell: ({ status }) => status.replaceAll('_', ' ') },
    { head: 'Id', cell: ({ id }) => <code>{id}</code> },
  ];
}
