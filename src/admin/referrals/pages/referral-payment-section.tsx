import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { defaultReader, DateTime } from '../../../platform/ui/date-time.js';
import { EmptyState, DescriptionList, Section } from '../../../platform/ui/components.js';
import { formatMoney } from '../../../platform/money.js';
import type { PaidInvoiceDto } from '../../../billing/index.js';

type Reversal = PaidInvoiceDto['reversals'][number];

/** The payment that a referral follows, with its refunds, disputes and notes. */
export function ReferralPaymentSection({ payment }: { payment: PaidInvoiceDto | null }) {
  if (payment === null)
    return (
      <Section id="payment" title="First payment">
        <EmptyState title="None yet">Both sides get their credit as soon as it arrives.</EmptyState>
      </Section>
    );
  const { currency, period } = payment;
  return (
    <Section id="payment" title="First payment">
      <DescriptionList
        items={[
          ['Invoice', <code>{payment.id}</code>],
          ['Paid', formatMoney({ amount: payment.amountPaid, currency })],
          ['Paid at', <DateTime at={payment.paidAt} readerSettings={defaultReader} />],
          ['Covers', period ? <PeriodText {...period} /> : 'Not known'],
          ['Turned into credit', formatMoney({ amount: payment.grantedAsCredit, currency })],
          ['Left', formatMoney({ amount: payment.remaining, currency })],
        ]}
      />
      {payment.reversals.length === 0 ? (
        <p>No refunds, disputes, credit notes or fraud warnings.</p>
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

function PeriodText({ start, end }: { start: Date; end: Date }) {
  return (
    <>
      <DateTime at={start} readerSettings={defaultReader} dateOnly /> –{' '}
      <DateTime at={end} readerSettings={defaultReader} dateOnly />
    </>
  );
}

function columnsFor(currency: string): Column<Reversal>[] {
  return [
    { head: 'When', cell: ({ at }) => <DateTime at={at} readerSettings={defaultReader} /> },
    { head: 'What', cell: ({ kind }) => kind.replaceAll('_', ' ') },
    { head: 'Amount', kind: 'numeric', cell: ({ amount }) => formatMoney({ amount, currency }) },
    { head: 'Status', cell: ({ status }) => status.replaceAll('_', ' ') },
    { head: 'Id', cell: ({ id }) => <code>{id}</code> },
  ];
}
