import { useWords } from '../../platform/pages/use-words.js';

const reasons = ['account', 'own', 'another', 'unpaid', 'before', 'back'] as const;

/** Why a link that was shared may bring nothing. */
export function WhyNoCredit() {
  const t = useWords();
  return (
    <details class="more">
      <summary>{t('why.title')}</summary>
      <dl class="reasons">
        {reasons.map((reason) => (
          <div key={reason}>
            <dt>{t(`why.${reason}.what`)}</dt>
            <dd>{t(`why.${reason}.because`)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
