import { Layout, type Viewer } from '../../platform/pages/layout.js';
import { Banner } from '../../platform/pages/parts.js';
import { renderPage } from '../../platform/pages/render-page.js';
import { daysOfAccess, plural } from '../../platform/pages/words.js';
import { rewardSentence, whoGets, type RewardModel } from './reward.js';

/** What the first page shows; the words about the reward come from the terms in force. */
export interface HomeModel {
  viewer: Viewer | null;
  reward: RewardModel;
}

/** The first page: what the programme gives and how. Its form leads to /login?ref=… */
export function homePage({ viewer, reward }: HomeModel): string {
  return renderPage(
    <Layout
      title="Invite a friend"
      viewer={viewer}
      width="wide"
      current="/"
      description={rewardSentence(reward)}
    >
      <div class="hero">
        <div>
          <h1>
            Bring a friend.
            <br />
            <em>Both of you</em> get more.
          </h1>
          <p class="lead">{rewardSentence(reward)}</p>
          {reward.paused ? (
            <Banner tone="warn">
              The programme is paused. Codes and sign-ins work, but nothing new is rewarded for now.
            </Banner>
          ) : null}
          <p class="actions">
            <a class="btn" data-tone="main" href={viewer ? '/settings#referral' : '/login'}>
              {viewer ? 'Show my code' : 'Get my code'}
            </a>
            <a class="btn" data-tone="plain" href="/pricing">
              See the plans
            </a>
          </p>
        </div>
        {reward.paused ? null : <Sheets reward={reward} />}
      </div>
      <Steps reward={reward} />
      {viewer ? null : <CodeEntry reward={reward} />}
    </Layout>,
  );
}

/** The reward as two sheets, one for each side; the sentence beside it says the same to those who cannot see it. */
function Sheets({ reward }: { reward: RewardModel }) {
  return (
    <div class="sheets" aria-hidden="true">
      {reward.referrerDays === 0 ? null : (
        <p class="sheet sheet-back">
          <span>You</span>
          <strong>+{reward.referrerDays}</strong> days
        </p>
      )}
      {reward.referredDays === 0 ? null : (
        <p class="sheet sheet-front">
          <span>Your friend</span>
          <strong>+{reward.referredDays}</strong> days
        </p>
      )}
    </div>
  );
}

function Steps({ reward }: { reward: RewardModel }) {
  const steps = [
    ['Share', 'Send your friend your link or your code of eight characters.'],
    [
      'They join and pay',
      'Your friend signs up with it and pays for the first time. A trial alone does not count.',
    ],
    [
      'The reward arrives',
      `${reward.holdDays === 0 ? 'In that same moment' : `${plural(reward.holdDays, 'day')} later`} ${whoGets(reward)}.`,
    ],
  ] as const;
  return (
    <section aria-labelledby="how">
      <h2 id="how">How it works</h2>
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
  return (
    <section class="card code-entry" aria-labelledby="have-code">
      <h2 id="have-code">Were you invited?</h2>
      <p>
        Enter the code of your friend
        {reward.paused || reward.referredDays === 0
          ? '.'
          : `, and ${daysOfAccess(reward.referredDays)} wait for your first payment.`}
      </p>
      <form method="get" action="/login" class="form form-inline">
        <div class="field">
          <label for="ref">Invitation code</label>
          <input
            id="ref"
            name="ref"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            maxLength={100}
            required
          />
        </div>
        <button type="submit" class="btn" data-tone="main">
          Use this code
        </button>
      </form>
    </section>
  );
}
