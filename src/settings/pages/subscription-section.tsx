import type { ComponentChildren } from 'preact';
import { Form } from '../../platform/pages/form.js';
import { Moment, type Reader } from '../../platform/pages/moment.js';
import { Badge, EmptyState, Facts, Section, type Tone } from '../../platform/pages/parts.js';
import { SettingsButton } from '../../platform/pages/settings-button.js';
import { useWords } from '../../platform/pages/use-words.js';
import { SectionProblem } from './section-problem.js';
import type { SettingsModel, SubscriptionModel } from './settings-model.js';

const tones: Record<string, Tone> = {
  active: 'good',
  trialing: 'note',
  past_due: 'warn',
  unpaid: 'bad',
  paused: 'warn',
  canceled: 'note',
  incomplete: 'warn',
};

/** What one pays for, and the way to manage it. */
export function SubscriptionSection({ model, reader }: { model: SettingsModel; reader: Reader }) {
  const t = useWords();
  const { subscription } = model;
  return (
    <Section id="subscription" title={t('settings.titles.subscription')}>
      <SectionProblem model={model} section="subscription" />
      {subscription ? (
        <Subscribed subscription={subscription} reader={reader} />
      ) : (
        <EmptyState title={t('subscription.none')}>
          <a href="/pricing">{t('home.plans')}</a>. {t('subscription.noneHint')}
        </EmptyState>
      )}
      {model.hasBilling ? (
        <Form action="/billing/portal" csrf={model.viewer.csrf}>
          <SettingsButton>{t(subscription ? 'subscription.manage' : 'subscription.invoices')}</SettingsButton>
        </Form>
      ) : null}
    </Section>
  );
}

function Subscribed({ subscription, reader }: { subscription: SubscriptionModel; reader: Reader }) {
  const t = useWords();
  const { status } = subscription;
  const tone = tones[status];
  const { cancelAtPeriodEnd, currentPeriodEnd, plannedEnd } = subscription;
  const moment = (at: Date | null) => (at ? <Moment at={at} reader={reader} /> : t('subscription.notKnown'));
  const renewsOn: [string, ComponentChildren] = [t('subscription.renewsOn'), moment(currentPeriodEnd)];
  const endsOn: [string, ComponentChildren] = [
    t('subscription.endsOn'),
    moment(plannedEnd ?? currentPeriodEnd),
  ];
  return (
    <>
      <Facts
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
      <p class="hint">{t(`subscription.${hintOf(subscription)}`)}</p>
    </>
  );
}

function hintOf({ cancelAtPeriodEnd, plannedEnd }: SubscriptionModel) {
  if (cancelAtPeriodEnd) return 'cancelled';
  return plannedEnd ? 'renewsUntilItEnds' : 'atAnyTime';
}
