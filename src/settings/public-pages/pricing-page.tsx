import { Form, SubmitButton } from '../../platform/ui/form.js';
import { Layout, type Viewer } from '../../platform/ui/layout.js';
import { Banner, EmptyState, ErrorBanner } from '../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../platform/ui/render-page.js';
import { planName } from '../../billing/index.js';
import type { Config } from '../../platform/config/config.js';
import { formatMoney } from '../../platform/money.js';
import { rewardSentence, worthText, type RewardModel } from '../../referral/index.js';
import { OtherProcessor } from '../page/sections/other-processor.js';
import { InvitationWords, noticeTones, type InvitationModel } from '../page/sections/invitation-section.js';

/**
 * A price on offer. `unitAmount` is in the currency's minor unit; null where it is not a flat one.
 * `metered`: paid by use.
 */
export interface PlanModel {
  priceId: string;
  name: string;
  nickname: string | null;
  currency: string;
  unitAmount: number | null;
  interval: 'day' | 'week' | 'month' | 'year';
  intervalCount: number;
  usageType: 'licensed' | 'metered';
  /** How many of the days that the viewer is promised are extra time; null without a promise. */
  usefulDays: number | null;
}

/**
 * What /pricing shows. `plans` is null when they could not be asked for; `subscribedPriceId` is
 * that of the viewer's living subscription (`subscribed` without a known price: null), and
 * `otherProvider` the processor that charges for it, null for Stripe; `invitation` is what a viewer
 * who was invited is shown of their own reward.
 */
export interface PricingPageModel {
  viewer: Viewer | null;
  reward: RewardModel;
  plans: PlanModel[] | null;
  subscribed: boolean;
  subscribedPriceId: string | null;
  otherProvider: string | null;
  invitation: InvitationModel | null;
  /** What a credit means to a person whose card is charged meanwhile. */
  delivery: Config['creditDelivery'];
  cancelled: boolean;
  problem: string | null;
}

/**
 * The plans. A button posts `priceId` to /billing/checkout, or leads to /billing/portal while one
 * is subscribed.
 */
export function pricingPage(model: PricingPageModel, locale?: string): string {
  return renderPage(<PricingPage {...model} />, locale);
}

function PricingPage(model: PricingPageModel) {
  const t = useTranslate();
  return (
    <Layout title={t('pricing.title')} viewer={model.viewer} width="wide" current="/pricing">
      <h1>{t('pricing.title')}</h1>
      <ErrorBanner text={model.problem} />
      {model.cancelled ? <Banner>{t('pricing.checkoutCancelled')}</Banner> : null}
      <Reward {...model} />
      {model.otherProvider === null ? null : (
        <Banner>
          <OtherProcessor provider={model.otherProvider} />
        </Banner>
      )}
      <Plans {...model} />
      <p class="hint">{t('pricing.hint')}</p>
    </Layout>
  );
}

const openStatuses = ['promised', 'held', 'in_review', 'suspended', 'none'];

/** The invitation of a person who came with one, while it is still to be decided. */
function shownInvitation({
  invitation,
  subscribed,
}: Pick<PricingPageModel, 'invitation' | 'subscribed'>): InvitationModel | null {
  return invitation !== null && !subscribed && openStatuses.includes(invitation.reward.status)
    ? invitation
    : null;
}

/** A person who was invited reads what is true for them, everybody else what invitations bring. */
function Reward(model: PricingPageModel) {
  const t = useTranslate();
  const { reward } = model;
  const invitation = shownInvitation(model);
  if (invitation !== null)
    return (
      <Banner tone={noticeTones[invitation.reward.status]}>
        <InvitationWords invitation={invitation} />
      </Banner>
    );
  if (reward.unavailable === 'paused') return <Banner tone="warn">{t('pricing.paused')}</Banner>;
  return <p class="lead">{rewardSentence(t, reward)}</p>;
}

function Plans(model: PricingPageModel) {
  const t = useTranslate();
  if (model.plans === null)
    return (
      <EmptyState title={t('pricing.unreachable')}>
        {t('pricing.unreachableHint')} <a href="/pricing">{t('pricing.retry')}</a>
      </EmptyState>
    );
  if (model.plans.length === 0)
    return <EmptyState title={t('pricing.none')}>{t('pricing.noneHint')}</EmptyState>;
  return (
    <ul class="plans">
      {model.plans.map((plan) => (
        <li key={plan.priceId} class="card plan">
          <h2>{planName(t, plan)}</h2>
          <p class="price">
            {plan.unitAmount === null || plan.usageType === 'metered' ? (
              <strong>{t('pricing.usageBased')}</strong>
            ) : (
              <strong>{formatMoney({ amount: plan.unitAmount, currency: plan.currency }, t.locale)}</strong>
            )}{' '}
            <span class="hint">{t(`pricing.every.${plan.interval}`, { count: plan.intervalCount })}</span>
          </p>
          {countsForReward(model, plan) ? null : <p class="hint">{t('pricing.doesNotCount')}</p>}
          <PlanWorth plan={plan} model={model} />
          <PlanAction plan={plan} model={model} />
        </li>
      ))}
    </ul>
  );
}

/** Whether a payment for this plan brings the reward of which the page speaks. */
function countsForReward(model: PricingPageModel, { priceId }: PlanModel): boolean {
  const { reward } = model;
  const offered = reward.unavailable === null ? reward.qualifyingPrices : [];
  const prices = shownInvitation(model)?.reward.qualifyingPrices ?? offered;
  return prices.length === 0 || prices.includes(priceId);
}

/** What the promised days are worth to a person who takes this plan. */
function PlanWorth({ plan, model }: { plan: PlanModel; model: PricingPageModel }) {
  const t = useTranslate();
  const { invitation, delivery } = model;
  if (plan.usefulDays === null || invitation === null || !countsForReward(model, plan)) return null;
  const { days } = invitation.reward;
  const usefulDays = [{ ...plan, priceIds: [plan.priceId], days: plan.usefulDays }];
  return <p class="hint">{worthText(t, { delivery, days, usefulDays })}</p>;
}

function PlanAction({ plan, model }: { plan: PlanModel; model: PricingPageModel }) {
  const t = useTranslate();
  if (model.viewer === null)
    return (
      <a class="btn" data-tone="main" href="/login?next=%2Fpricing">
        {t('pricing.signIn')}
        <span class="visually-hidden">: {planName(t, plan)}</span>
      </a>
    );
  const { csrf } = model.viewer;
  if (model.otherProvider !== null) return null;
  if (model.subscribed)
    return (
      <Form action="/billing/portal" csrf={csrf}>
        <SubmitButton tone="plain">
          {t(plan.priceId === model.subscribedPriceId ? 'pricing.manage' : 'pricing.change')}
          <span class="visually-hidden">: {planName(t, plan)}</span>
        </SubmitButton>
      </Form>
    );
  return (
    <Form action="/billing/checkout" csrf={csrf}>
      <input type="hidden" name="priceId" value={plan.priceId} />
      <SubmitButton>
        {t('pricing.subscribe')}
        <span class="visually-hidden">: {planName(t, plan)}</span>
      </SubmitButton>
    </Form>
  );
}
