import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { EmptyState, DescriptionList, Section } from '../../../platform/ui/components.js';
import { formatMoney } from '../../../platform/money.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import type { PaidInvoiceDto } from '../../../billing/index.js';
import { StripeObject } from '../../pages/stripe-object.js';
import { reversalStatusText } from '../../pages/stripe-statuses.js';
import type { ReferralPageModel } from '../referral-page-loader.js';

type Reversal = PaidInvoiceDto['reversals'][number];

/** The payment that a referral follows, with its refunds, disputes and notes. */
export function ReferralPaymentSection({
  model: { payment, stripeDashboard: dashboard },
}: {
  model: Pick<ReferralPageModel, 'payment' | 'stripeDashboard'>;
}) {
  const t = useTranslate();
  if (payment === null)
    return (
      <Section id="payment" title={t('console.payment.title')}>
        <EmptyState title={t('console.payment.none')}>{t('console.payment.noneHint')}</EmptyState>
      </Section>
    );
  const { currency, period } = payment;
  const money = (amount: number) => formatMoney({ amount, currency }, t.locale);
  return (
    <Section id="payment" title={t('console.payment.title')}>
      <DescriptionList
        items={[
          [t('console.payment.invoice'), <StripeObject id={payment.id} dashboard={dashboard} />],
          [t('console.payment.paid'), money(payment.amountPaid)],
          [t('console.payment.paidAt'), <DateTime at={payment.paidAt} />],
          [
            t('console.payment.covers'),
            period ? <PeriodText {...period} /> : t('console.payment.periodUnknown'),
          ],
          [t('console.payment.granted'), money(payment.grantedAsCredit)],
          [t('console.payment.left'), money(payment.remaining)],
        ]}
      />
      {payment.reversals.length === 0 ? (
        <p>{t('console.payment.noReversals')}</p>
      ) : (
        <DataTable
          caption={t('console.payment.reversals')}
          columns={columnsFor(t, currency, dashboard)}
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
      <DateTime at={start} dateOnly /> – <DateTime at={end} dateOnly />
    </>
  );
}

function columnsFor(t: Translate, currency: string, dashboard: string | null): Column<Reversal>[] {
  return [
    { head: t('console.payment.when'), cell: ({ at }) => <DateTime at={at} /> },
    { head: t('console.payment.what'), cell: ({ kind }) => t(`console.payment.kind.${kind}`) },
    {
      head: t('console.payment.amount'),
      kind: 'numeric',
      cell: ({ amount }) => formatMoney({ amount, currency }, t.locale),
    },
    { head: t('console.payment.status'), cell: (reversal) => reversalStatusText(t, reversal) },
    { head: t('console.payment.id'), cell: ({ id }) => <StripeObject id={id} dashboard={dashboard} /> },
  ];
}
