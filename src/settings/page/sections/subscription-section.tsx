import type { ComponentChildren } from 'preact';
import { Form, SettingsButton } from '../../../platform/ui/form.js';
import { DateTime, type ReaderSettings } from '../../../platform/ui/date-time.js';
import { Badge, EmptyState, DescriptionList, Section, type Tone } from '../../../platform/ui/components.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import { SectionProblem } from './section-problem.js';
import type { SettingsPageModel, SubscriptionModel } from '../settings-page-model.js';

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
      <SectionProblem model={model} section="subscription" />
      {subscription ? (
        <SubscriptionDetails subscription={subscription} readerSettings={readerSettings} />
      ) : (
        <EmptyState title={t('subscription.none')}>
          <a href="/pricing">{t('home.plans')}</a>. {t('subscription.noneHint')}
        </EmptyState>
      )}
      {model.hasStripeCustomer ? (
        <Form action="/billing/portal" csrf={model.viewer.csrf}>
          <SettingsButton>{t(subscription ? 'subscription.manage' : 'subscription.invoices')}</SettingsButton>
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
  const renewsOn: [string, ComponentChildren] = [t('subscription.renewsOn'), moment(currentPeriodEnd)];
  const endsOn: [string, ComponentChildren] = [
    t('subscription.endsOn'),
    moment(plannedEnd ?? currentPeriodEnd),
  ];
  return (
    <>
      <DescriptionList
        items={[
          [
            t('invites.status'),
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
