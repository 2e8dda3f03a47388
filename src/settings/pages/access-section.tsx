import { Moment, type Reader } from '../../platform/pages/moment.js';
import { Badge, Facts, Section } from '../../platform/pages/parts.js';
import { daysOnAccount, plural } from '../../platform/pages/words.js';
import type { SettingsModel } from './settings-model.js';

const sources = {
  subscription: 'Your subscription',
  credit: 'Credit from the programme',
  none: 'Nothing at present',
} as const;

/** Whether one has access, from what, until when, and what stands on the account. */
export function AccessSection({ model, reader }: { model: SettingsModel; reader: Reader }) {
  const { access, credit, referral } = model;
  return (
    <Section id="access" title="Your access">
      {referral.daysOnAccount > 0 ? (
        <p class="days-on-account">
          <strong>{daysOnAccount(referral.daysOnAccount)}</strong>
        </p>
      ) : null}
      <Facts
        items={[
          ['Access', access.active ? <Badge tone="good">Active</Badge> : <Badge tone="warn">None</Badge>],
          ['Tier', access.tier === 'paid' ? 'Paid' : 'Free'],
          ['Comes from', sources[access.source]],
          ['Until', access.until ? <Moment at={access.until} reader={reader} /> : '—'],
          ...(credit.until
            ? [['Credit until', <Moment at={credit.until} reader={reader} />] as [string, preact.VNode]]
            : []),
        ]}
      />
      <UsefulDays model={model} />
      {access.active ? null : (
        <p class="actions">
          <a class="btn" data-tone="main" href="/pricing">
            See the plans
          </a>
        </p>
      )}
    </Section>
  );
}

/** Says honestly what the days are worth to somebody whose card is charged meanwhile. */
function UsefulDays({ model: { credit, access, referral } }: { model: SettingsModel }) {
  if (referral.daysOnAccount === 0) return null;
  const gained =
    credit.usefulDays === 0
      ? 'All of your credit lies inside a period that you have paid for, so it gives you no extra time as things stand.'
      : `${plural(credit.usefulDays, 'day')} of it ${credit.usefulDays === 1 ? 'is' : 'are'} useful: access that you would not have without it.`;
  if (credit.delivery !== 'overlay' && access.source === 'subscription')
    return (
      <p class="hint">
        Your days begin when your subscription ends: each renewal moves them behind the period that you have
        paid for.
        {credit.delivery === 'defer_billing'
          ? ' Days that can put off your next charge do that instead.'
          : ''}
      </p>
    );
  return (
    <p class="hint">
      {access.source === 'subscription'
        ? `Credit runs by the calendar, also while your card is charged. ${gained} It keeps you going when the subscription ends before it does.`
        : gained}
    </p>
  );
}
