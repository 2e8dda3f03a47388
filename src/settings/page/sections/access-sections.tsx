import type { Children } from '#jsx/jsx-runtime';
import {
  Badge,
  DescriptionList,
  Section,
  EmptyState,
  type Tone,
  ErrorBanner,
} from '../../../platform/ui/components.js';
import { DateTime, type ReaderSettings } from '../../../platform/ui/date-time.js';
import { Form, SettingsButton } from '../../../platform/ui/form.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import { OtherProcessor } from './other-processor.js';
import { problemOf, type SettingsPageModel, type SubscriptionModel } from '../settings-page-model.js';

/** Whether the user has access, from what, until when, and the days on the account. */
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
                  Children,
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

const statusTones: Record<string, Tone> = {
  active: 'good',
  trialing: 'note',
  past_due: 'warn',
  unpaid: 'bad',
  paused: 'warn',
  canceled: 'note',
  incomplete: 'warn',
};

/** What one pays for, and the way to manage it. */
export function SubscriptionSection({
  model,
  readerSettings,
}: {
  model: SettingsPageModel;
  readerSettings: ReaderSettings;
}) {
  const t = useTranslate();
  const { subscription } = model;
  return (
    <Section id="subscription" title={t('settings.titles.subscription')}>
      <ErrorBanner text={problemOf(model, 'subscription')} />
      {subscription ? (
        <SubscriptionDetails subscription={subscription} readerSettings={readerSettings} />
      ) : (
        <EmptyState title={t('subscription.none')}>
          <a href="/pricing">{t('home.plans')}</a>. {t('subscription.noneHint')}
        </EmptyState>
      )}
      {subscription?.otherProvider ? <OtherProcessor provider={subscription.otherProvider} /> : null}
      {model.hasStripeCustomer ? (
        <Form action="/billing/portal" csrf={model.viewer.csrf}>
          <SettingsButton>
            {t(subscription && !subscription.otherProvider ? 'subscription.manage' : 'subscription.invoices')}
          </SettingsButton>
        </Form>
      ) : null}
    </Section>
  );
}

function SubscriptionDetails({
  subscription,
  readerSettings,
}: {
  subscription: SubscriptionModel;
  readerSettings: ReaderSettings;
}) {
  const t = useTranslate();
  const { status } = subscription;
  const tone = statusTones[status];
  const { cancelAtPeriodEnd, currentPeriodEnd, plannedEnd } = subscription;
  const moment = (at: Date | null) =>
    at ? <DateTime at={at} readerSettings={readerSettings} /> : t('subscription.unknownDate');
  const renewsOn: [string, Children] = [t('subscription.renewsOn'), moment(currentPeriodEnd)];
  const endsOn: [string, Children] = [t('subscription.endsOn'), moment(plannedEnd ?? currentPeriodEnd)];
  return (
    <>
      <DescriptionList
        items={[
          [
            t('invitePage.status'),
            <Badge tone={tone ?? 'note'}>
              {tone === undefined ? status : t(`subscription.statuses.${status}`)}
            </Badge>,
          ],
          ...(subscription.planName
            ? [[t('subscription.plan'), subscription.planName] as [string, string]]
            : []),
          ...(cancelAtPeriodEnd ? [] : [renewsOn]),
          ...(cancelAtPeriodEnd || plannedEnd ? [endsOn] : []),
        ]}
      />
      <p class="hint">{t(`subscription.${hintKey(subscription)}`)}</p>
    </>
  );
}

function hintKey({ cancelAtPeriodEnd, plannedEnd }: SubscriptionModel) {
  if (cancelAtPeriodEnd) return 'cancelled';
  return plannedEnd ? 'renewsUntilItEnds' : 'cancelAnyTime';
}
