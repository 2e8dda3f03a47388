import { Moment, type Reader } from '../../platform/pages/moment.js';
import { Badge, Facts, Section } from '../../platform/pages/parts.js';
import { useWords } from '../../platform/pages/use-words.js';
import type { SettingsModel } from './settings-model.js';

/** Whether one has access, from what, until when, and what stands on the account. */
export function AccessSection({ model, reader }: { model: SettingsModel; reader: Reader }) {
  const t = useWords();
  const { access, credit, referral } = model;
  return (
    <Section id="access" title={t('settings.titles.access')}>
      {referral.daysOnAccount > 0 ? (
        <p class="days-on-account">
          <strong>{t('days.onAccount', { days: referral.daysOnAccount })}</strong>
        </p>
      ) : null}
      <Facts
        items={[
          [
            t('access.access'),
            <Badge tone={access.active ? 'good' : 'warn'}>
              {t(access.active ? 'access.active' : 'access.none')}
            </Badge>,
          ],
          [t('access.tier'), t(`access.tiers.${access.tier}`)],
          [t('access.from'), t(`access.sources.${access.source}`)],
          [t('access.until'), access.until ? <Moment at={access.until} reader={reader} /> : '—'],
          ...(credit.until
            ? [
                [t('access.creditUntil'), <Moment at={credit.until} reader={reader} />] as [
                  string,
                  preact.VNode,
                ],
              ]
            : []),
        ]}
      />
      <UsefulDays model={model} />
      {access.active ? null : (
        <p class="actions">
          <a class="btn" data-tone="main" href="/pricing">
            {t('home.plans')}
          </a>
        </p>
      )}
    </Section>
  );
}

/** Says honestly what the days are worth to somebody whose card is charged meanwhile. */
function UsefulDays({ model: { credit, access, referral } }: { model: SettingsModel }) {
  const t = useWords();
  if (referral.daysOnAccount === 0) return null;
  const gained = t('access.useful', { days: credit.usefulDays });
  if (access.source !== 'subscription') return <p class="hint">{gained}</p>;
  if (credit.delivery === 'overlay')
    return (
      <p class="hint">
        {t('access.byCalendar')} {gained} {t('access.keepsGoing')}
      </p>
    );
  return (
    <p class="hint">
      {t('access.behind')} {credit.delivery === 'defer_billing' ? t('access.puttingOff') : ''}
    </p>
  );
}
