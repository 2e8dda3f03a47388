import { Form } from '../../platform/pages/form.js';
import { Moment, type Reader } from '../../platform/pages/moment.js';
import { Badge, EmptyState, Facts, Section, type Tone } from '../../platform/pages/parts.js';
import { SettingsButton } from '../../platform/pages/settings-button.js';
import { SectionProblem } from './section-problem.js';
import type { SettingsModel, SubscriptionModel } from './settings-model.js';

const statuses: Record<string, { tone: Tone; text: string }> = {
  active: { tone: 'good', text: 'Active' },
  trialing: { tone: 'note', text: 'On trial' },
  past_due: { tone: 'warn', text: 'Payment is late' },
  unpaid: { tone: 'bad', text: 'Unpaid' },
  paused: { tone: 'warn', text: 'Paused' },
  canceled: { tone: 'note', text: 'Ended' },
  incomplete: { tone: 'warn', text: 'Waiting for the first payment' },
};

/** What one pays for, and the way to manage it. */
export function SubscriptionSection({ model, reader }: { model: SettingsModel; reader: Reader }) {
  const { subscription } = model;
  return (
    <Section id="subscription" title="Subscription">
      <SectionProblem model={model} section="subscription" />
      {subscription ? (
        <Subscribed subscription={subscription} reader={reader} />
      ) : (
        <EmptyState title="No subscription">
          <a href="/pricing">See the plans</a>. Your card is charged only from the day you choose one.
        </EmptyState>
      )}
      {model.hasBilling ? (
        <Form action="/billing/portal" csrf={model.viewer.csrf}>
          <SettingsButton>{subscription ? 'Manage or cancel' : 'Invoices and cards'}</SettingsButton>
        </Form>
      ) : null}
    </Section>
  );
}

function Subscribed({ subscription, reader }: { subscription: SubscriptionModel; reader: Reader }) {
  const status = statuses[subscription.status] ?? { tone: 'note' as const, text: subscription.status };
  const end = subscription.currentPeriodEnd;
  return (
    <>
      <Facts
        items={[
          ['Status', <Badge tone={status.tone}>{status.text}</Badge>],
          ...(subscription.planName ? [['Plan', subscription.planName] as [string, string]] : []),
          [
            subscription.cancelAtPeriodEnd ? 'Ends on' : 'Renews on',
            end ? <Moment at={end} reader={reader} /> : 'Not known yet',
          ],
        ]}
      />
      <p class="hint">
        {subscription.cancelAtPeriodEnd
          ? 'It is cancelled and will not be charged again. Credit on your account keeps your access after it ends.'
          : 'You can cancel at any time. What you have paid for stays yours to its end, and your credit stays, too.'}
      </p>
    </>
  );
}
