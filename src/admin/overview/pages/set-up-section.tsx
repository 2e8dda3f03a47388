import { Badge, Section } from '../../../platform/ui/components.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import type { DeliveryExample, Step, StepName } from '../first-steps.js';

/** Pages that do a step; those of terms are for admins. */
const hrefs: Partial<Record<StepName, string>> = {
  webhook: '/admin/installation/stripe-endpoint',
  mail: '/admin/installation',
  terms: '/admin/programme',
  brand: '/embed/preview',
  payment: '/pricing',
};

/** The steps from an empty installation to the first payment. */
export function SetUpSection({
  steps,
  examples,
  isAdmin,
}: {
  steps: Step[];
  examples: DeliveryExample[];
  isAdmin: boolean;
}) {
  const t = useTranslate();
  const done = steps.filter(({ state }) => state === 'done').length;
  return (
    <Section id="set-up" title={t('overview.setUp.title')}>
      <p>{t('overview.setUp.intro', { done, all: steps.length })}</p>
      {isAdmin ? null : <p class="hint">{t('overview.setUp.forAdmins')}</p>}
      <ol class="set-up-steps">
        {steps.map((step) => (
          <StepRow key={step.name} step={step} examples={examples} />
        ))}
      </ol>
    </Section>
  );
}

const tones = { done: 'good', open: 'warn', sandbox: 'note' } as const;

function StepRow({ step: { name, state }, examples }: { step: Step; examples: DeliveryExample[] }) {
  const t = useTranslate();
  const href = hrefs[name];
  const title = t(`overview.setUp.${name}.title`);
  return (
    <li>
      <Badge tone={tones[state]}>{t(`overview.setUp.${state}`)}</Badge>{' '}
      {href === undefined ? <strong>{title}</strong> : <a href={href}>{title}</a>}
      <span class="hint block">
        {name === 'delivery' ? (
          <DeliveryChoice examples={examples} />
        ) : (
          t(`overview.setUp.${name}.${state === 'done' ? 'done' : 'open'}`)
        )}
      </span>
    </li>
  );
}

/** What each way of delivery means, on an example with dates; the one in force first. */
function DeliveryChoice({ examples: [current, ...others] }: { examples: DeliveryExample[] }) {
  const t = useTranslate();
  return (
    <>
      {current === undefined ? null : <Delivery example={current} />}
      <details>
        <summary>{t('overview.setUp.delivery.others')}</summary>
        <p>{t('overview.setUp.delivery.change')}</p>
        <ul>
          {others.map((example) => (
            <li key={example.mode}>
              <Delivery example={example} />
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

function Delivery({ example: { mode, days, rewardedAt, paidUntil, until } }: { example: DeliveryExample }) {
  const t = useTranslate();
  const format = new Intl.DateTimeFormat(t.locale, { day: 'numeric', month: 'long', timeZone: 'UTC' });
  const date = (at: Date) => format.format(at);
  return (
    <>
      <code>CREDIT_DELIVERY={mode}</code>.{' '}
      {t(`overview.setUp.delivery.${mode}`, {
        ...{ days, rewardedAt: date(rewardedAt), paidUntil: date(paidUntil), until: date(until) },
      })}
    </>
  );
}
