import { useTranslate } from '../../../platform/ui/render-page.js';
import type { ReferralAction } from '../referral-decisions.js';

/** Leads to the page of an action, which shows first what it would do. */
export function ActionLink({ id, action }: { id: string; action: ReferralAction }) {
  const t = useTranslate();
  return (
    <a class="btn" data-tone="plain" href={`/admin/referrals/${encodeURIComponent(id)}/${action}`}>
      {t(`referralAction.${action}.title`)}
    </a>
  );
}
