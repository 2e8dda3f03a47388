import { reversalStatuses } from '../../billing/index.js';
import type { Translate } from '../../platform/i18n/translations.js';

/** The status of a refund, dispute, credit note or fraud warning, in words. */
export function reversalStatusText(t: Translate, { kind, status }: { kind: string; status: string }): string {
  const isKnown = reversalStatuses.some((known) => known.kind === kind && known.status === status);
  return isKnown
    ? t(`console.payment.statuses.${kind}.${status}`)
    : t('console.payment.unknownStatus', { status });
}

const subscriptionStatuses = ['active', 'trialing', 'past_due', 'unpaid', 'paused', 'canceled', 'incomplete'];

/** The status of a subscription, in words; null: there is none. */
export function subscriptionStatusText(t: Translate, status: string | null): string {
  if (status === null) return t('console.user.noSubscription');
  return subscriptionStatuses.includes(status)
    ? t(`subscription.statuses.${status}`)
    : t('console.payment.unknownStatus', { status });
}
