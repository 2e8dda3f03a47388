import { Banner } from '../../platform/pages/parts.js';
import { useWords } from '../../platform/pages/use-words.js';
import type { FollowedInvite } from './settings-model.js';

/** Tells somebody with an account why the link they opened brings nothing, and what does. */
export function FollowedInviteBanner({ followed }: { followed: FollowedInvite }) {
  const t = useWords();
  if (followed.own)
    return (
      <Banner>
        {t('followed.own')} <a href="#referral">{t('followed.share')}</a>
      </Banner>
    );
  if (followed.label === null)
    return <Banner tone="warn">{t('followed.unknown', { code: followed.code })}</Banner>;
  return (
    <Banner>
      {t('followed.tooLate', { label: followed.label })} <a href="#referral">{t('followed.yours')}</a>
    </Banner>
  );
}
