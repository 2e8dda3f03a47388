import { DateTime, type ReaderSettings } from '../../../platform/ui/date-time.js';
import { Badge, DescriptionList, Section } from '../../../platform/ui/components.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import type { SettingsPageModel } from '../settings-page-model.js';

/** Whether one has access, from what, until when, and what stands on the account. */
export function AccessSection({
  model,
  readerSettings,
}: {
  model: SettingsPageModel;
  readerSettings: ReaderSettings;
}) {
  const t = useTranslate();
  const { access, credit, referral } = model;
  return (
    <Section id="access" title={t('settings.titles.access')}>
      {referral.daysOnAccount > 0 ? (
        <p class="days-on-account">
          <strong>{t('duration.daysOnAccount', { days: referral.daysOnAccount })}</strong>
        </p>
      ) : null}
      <DescriptionList
        items={[
          [
            t('access.access'),
            <Badge tone={access.active ? 'good' : 'warn'}>
              {t(access.active ? 'access.active' : 'access.none')}
            </Badge>,
          ],
          [t('access.tier'), t(`access.tiers.${access.tier}`)],
          [t('access.source'), t(`access.sources.${access.source}`)],
          [
            t('access.until'),
            access.until ? <DateTime at={access.until} readerSettings={readerSettings} /> : '—',
          ],
          ...(credit.until
            ? [
                [t('access.creditUntil'), <DateTime at={credit.until} readerSettings={readerSettings} />] as [
                  string,
                  preact.VNode,
                ],
              ]
            : []),
        ]}
      />
      <UsefulDaysHint model={model} />
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

/** Says honestly what the days are worth to a person whose card is charged meanwhile. */
function UsefulDaysHint({ model: { credit, access, referral } }: { model: SettingsPageModel }) {
  const t = useTranslate();
  if (referral.daysOnAccount === 0) return null;
  const gained = t('access.usefulDays', { days: credit.usefulDays });
  if (access.source !== 'subscription') return <p class="hint">{gained}</p>;
  if (credit.delivery === 'overlay')
    return (
      <p class="hint">
        {t('access.overlay')} {gained} {t('access.continuesAfter')}
      </p>
    );
  return (
    <p class="hint">
      {t('access.afterPaidPeriod')} {credit.delivery === 'defer_billing' ? t('access.defersCharge') : ''}
    </p>
  );
}
