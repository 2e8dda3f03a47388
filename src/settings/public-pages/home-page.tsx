import { Layout, type Viewer } from '../../platform/ui/layout.js';
import { Banner } from '../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../platform/ui/render-page.js';
import {
  friendPromise,
  rewardedSides,
  rewardSentence,
  rewardSplit,
  type RewardModel,
} from '../../referral/index.js';

/** What the first page shows; the words about the reward come from the terms in force. */
export interface HomePageModel {
  viewer: Viewer | null;
  reward: RewardModel;
}

/** The first page: what the programme gives and how. Its form leads to /login?ref=… */
export function homePage(model: HomePageModel, locale?: string): string {
  return renderPage(<HomePage {...model} />, locale);
}

function HomePage({ viewer, reward }: HomePageModel) {
  const t = useTranslate();
  return (
    <Layout
      title={t('home.title')}
      viewer={viewer}
      width="wide"
      current="/"
      description={rewardSentence(t, reward)}
    >
      <div class="hero">
        <div>
          <h1>
            {t('home.heroLine')}
            <HeroPromise reward={reward} />
          </h1>
          {reward.unavailable === 'paused' ? (
            <Banner tone="warn">{t('home.paused')}</Banner>
          ) : (
            <p class="lead">{rewardSentence(t, reward)}</p>
          )}
          <p class="actions">
            <a class="btn" data-tone="main" href={viewer ? '/invite' : '/login'}>
              {t(viewer ? 'home.showCode' : 'home.getCode')}
            </a>
            <a class="btn" data-tone="plain" href="/pricing">
              {t('home.plans')}
            </a>
          </p>
        </div>
        {rewardedSides(reward) === null ? null : <RewardCards reward={reward} />}
      </div>
      <Steps reward={reward} />
      {viewer ? null : <CodeEntry reward={reward} />}
    </Layout>
  );
}

/** Who gets more; nothing while neither side does. */
function HeroPromise({ reward }: { reward: RewardModel }) {
  const t = useTranslate();
  const sides = rewardedSides(reward);
  if (sides === null) return null;
  return (
    <>
      <br />
      <em>{t(`home.heroEmphasis.${sides}`)}</em> {t(`home.heroEnd.${sides}`)}
    </>
  );
}

/**
 * The reward as two sheets, one for each side; the sentence beside it says the same to those who
 * cannot see it.
 */
function RewardCards({ reward }: { reward: RewardModel }) {
  const t = useTranslate();
  return (
    <div class="sheets" aria-hidden="true">
      {reward.referrerDays === 0 ? null : (
        <p class="sheet sheet-back">
          <span>{t('home.rewardCard.you')}</span>
          <strong>+{reward.referrerDays}</strong> {t('home.rewardCard.days')}
        </p>
      )}
      {reward.referredDays === 0 ? null : (
        <p class="sheet sheet-front">
          <span>{t('home.rewardCard.friend')}</span>
          <strong>+{reward.referredDays}</strong> {t('home.rewardCard.days')}
        </p>
      )}
    </div>
  );
}

function Steps({ reward }: { reward: RewardModel }) {
  const t = useTranslate();
  const rewardStep = [
    t('home.steps.reward'),
    t('home.steps.rewardText', { whoGets: rewardSplit(t, reward), holdDays: reward.holdDays }),
  ] as const;
  const steps = [
    [t('home.steps.share'), t('home.steps.shareText')] as const,
    [t('home.steps.join'), t('home.steps.joinText')] as const,
    ...(rewardedSides(reward) === null ? [] : [rewardStep]),
  ];
  return (
    <section aria-labelledby="how">
      <h2 id="how">{t('home.howItWorks')}</h2>
      <ol class="steps">
        {steps.map(([title, text]) => (
          <li key={title} class="card">
            <h3>{title}</h3>
            <p>{text}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

function CodeEntry({ reward }: { reward: RewardModel }) {
  const t = useTranslate();
  return (
    <section class="card code-entry" aria-labelledby="have-code">
      <h2 id="have-code">{t('home.haveCode')}</h2>
      <p>{[t('home.enterCode'), friendPromise(t, reward)].filter(Boolean).join(' ')}</p>
      <form method="get" action="/login" class="form form-inline">
        <div class="field">
          <label for="ref">{t('login.code')}</label>
          <input
            id="ref"
            name="ref"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            maxlength={100}
            required
          />
        </div>
        <button type="submit" class="btn" data-tone="main">
          {t('home.useCode')}
        </button>
      </form>
    </section>
  );
}
