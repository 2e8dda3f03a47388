import { CopyButton, Section } from '../../platform/pages/parts.js';
import { safeHref } from '../../platform/pages/links.js';
import { daysOnAccount } from '../../platform/pages/words.js';
import { rewardSentence } from './reward.js';
import type { ReferralModel, SettingsModel } from './settings-model.js';
import { shareLinks } from './share-links.js';

/** One's code, ways to share it, and how it has gone so far. */
export function ReferralSection({ model }: { model: SettingsModel }) {
  const { referral, reward } = model;
  const link = safeHref(referral.link);
  return (
    <Section id="referral" title="Invite friends">
      <p>
        {reward.paused
          ? 'The programme is paused: your code works, but nothing new is rewarded for now.'
          : rewardSentence(reward)}
      </p>
      <div class="invite">
        <div class="invite-words">
          <p class="invite-label">Your code</p>
          <p class="code">{referral.code}</p>
          <p class="actions">
            <CopyButton text={referral.code} label="Copy the code" />
            <CopyButton text={referral.link} label="Copy the link" />
          </p>
          <p class="invite-label">Your link</p>
          <p>{link ? <a href={link}>{referral.link}</a> : referral.link}</p>
        </div>
        <img
          class="qr"
          src="/api/v1/referral/qr.svg"
          alt="Your link as a QR code"
          width="160"
          height="160"
          loading="lazy"
        />
      </div>
      <p class="invite-label">Share it by</p>
      <ul class="share">
        {shareLinks(referral.link, reward.referredDays).map(({ label, href }) => (
          <li key={label}>
            <a class="btn" data-tone="plain" href={href} target="_blank" rel="noopener noreferrer">
              {label}
            </a>
          </li>
        ))}
      </ul>
      <Figures referral={referral} />
      <p class="hint">A reward counts as active for as many days as it brought, for as long as it stands.</p>
    </Section>
  );
}

function Figures({ referral: { activeCredits, daysOnAccount: days, counts } }: { referral: ReferralModel }) {
  const figures: [string, number][] = [
    ['Active credits', activeCredits],
    ['Invited', counts.invited],
    ['Waiting', counts.pending],
    ['Credited', counts.converted],
  ];
  const rare: [string, number][] = [
    ['Held for review', counts.held],
    ['Taken back', counts.reversed],
    ['Rejected', counts.rejected],
  ];
  return (
    <>
      <dl class="figures">
        {[...figures, ...rare.filter(([, count]) => count > 0)].map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{count}</dd>
          </div>
        ))}
      </dl>
      {days > 0 ? <p class="days-inline">{daysOnAccount(days)}</p> : null}
    </>
  );
}
