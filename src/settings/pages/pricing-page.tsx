import { Form, SubmitButton } from '../../platform/pages/form.js';
import { Layout, type Viewer } from '../../platform/pages/layout.js';
import { Banner, EmptyState, Problem } from '../../platform/pages/parts.js';
import { renderPage } from '../../platform/pages/render-page.js';
import { daysOfAccess, moneyText, plural } from '../../platform/pages/words.js';
import { rewardSentence, type RewardModel } from './reward.js';

/** A price on offer. `unitAmount` is in the currency's smallest unit; null where it is not a flat one. */
export interface PlanModel {
  priceId: string;
  name: string;
  currency: string;
  unitAmount: number | null;
  interval: 'day' | 'week' | 'month' | 'year';
  intervalCount: number;
}

/**
 * What /pricing shows. `plans` is null when they could not be asked for; `subscribedPriceId` is that of the viewer's
 * living subscription (`subscribed` without a known price: null); `invitedBy` names who invited a viewer who has not
 * paid yet, and then `reward` is what was promised to them.
 */
export interface PricingModel {
  viewer: Viewer | null;
  reward: RewardModel;
  plans: PlanModel[] | null;
  subscribed: boolean;
  subscribedPriceId: string | null;
  invitedBy: string | null;
  cancelled?: boolean;
  problem?: string | null;
}

/** The plans. A button posts `priceId` to /billing/checkout, or leads to /billing/portal while one is subscribed. */
export function pricingPage(model: PricingModel): string {
  const { reward, invitedBy } = model;
  return renderPage(
    <Layout title="Pricing" viewer={model.viewer} width="wide" current="/pricing">
      <h1>Pricing</h1>
      <Problem text={model.problem} />
      {model.cancelled ? <Banner>You left before paying. Nothing was charged.</Banner> : null}
      {invitedBy && reward.referredDays > 0 ? (
        <Banner tone="good">
          {invitedBy} invited you: {daysOfAccess(reward.referredDays)} on top of your first payment
          {reward.holdDays > 0 ? `, ${plural(reward.holdDays, 'day')} after it` : ''}.
        </Banner>
      ) : reward.paused ? (
        <Banner tone="warn">
          The referral programme is paused: subscribing works, but nothing new is rewarded.
        </Banner>
      ) : (
        <p class="lead">{rewardSentence(reward)}</p>
      )}
      <Plans {...model} />
      <p class="hint">
        Your card is charged from the first day, as the plan says. The reward is time added to your account,
        not a discount.
      </p>
    </Layout>,
  );
}

function Plans(model: PricingModel) {
  if (model.plans === null)
    return (
      <EmptyState title="The plans cannot be shown just now">
        The payment service did not answer. <a href="/pricing">Look again</a> in a minute.
      </EmptyState>
    );
  if (model.plans.length === 0)
    return (
      <EmptyState title="No plan is on offer">
        Come back later: there is nothing to subscribe to yet.
      </EmptyState>
    );
  return (
    <ul class="plans">
      {model.plans.map((plan) => (
        <li key={plan.priceId} class="card plan">
          <h2>{plan.name}</h2>
          <p class="price">
            {plan.unitAmount === null ? (
              <strong>By use</strong>
            ) : (
              <strong>{moneyText(plan.unitAmount, plan.currency)}</strong>
            )}{' '}
            <span class="hint">{intervalText(plan)}</span>
          </p>
          <PlanAction plan={plan} model={model} />
        </li>
      ))}
    </ul>
  );
}

function PlanAction({ plan, model }: { plan: PlanModel; model: PricingModel }) {
  if (model.viewer === null)
    return (
      <a class="btn" data-tone="main" href="/login?next=%2Fpricing">
        Sign in to subscribe<span class="visually-hidden"> to {plan.name}</span>
      </a>
    );
  const { csrf } = model.viewer;
  if (model.subscribed)
    return (
      <Form action="/billing/portal" csrf={csrf}>
        <SubmitButton tone="plain">
          {plan.priceId === model.subscribedPriceId ? 'Manage your plan' : 'Change plan'}
          <span class="visually-hidden">: {plan.name}</span>
        </SubmitButton>
      </Form>
    );
  return (
    <Form action="/billing/checkout" csrf={csrf}>
      <input type="hidden" name="priceId" value={plan.priceId} />
      <SubmitButton>
        Subscribe<span class="visually-hidden"> to {plan.name}</span>
      </SubmitButton>
    </Form>
  );
}

function intervalText({ interval, intervalCount }: PlanModel): string {
  return intervalCount === 1 ? `a ${interval}` : `every ${intervalCount} ${interval}s`;
}
