import { DateTime } from '../../platform/ui/date-time.js';
import { fallbackLocale, type Translate } from '../../platform/i18n/translations.js';
import { ColumnChart } from '../../platform/ui/charts/column-chart.js';
import {
  Banner,
  CopyButton,
  EmptyState,
  ErrorBanner,
  Section,
  ShareButton,
} from '../../platform/ui/components.js';
import { DataTable } from '../../platform/ui/data-table.js';
import { Field, Form, SettingsButton } from '../../platform/ui/form.js';
import { formatDays } from '../../platform/ui/format.js';
import { Layout } from '../../platform/ui/layout.js';
import { dateLocale, renderPage, useTranslate } from '../../platform/ui/render-page.js';
import { safeHref } from '../../platform/ui/safe-href.js';
import { maxSignUps, type Channel } from '../../referral/index.js';
import { ReferralCounts } from '../page/sections/referral-section.js';
import { problemOf, type InviteFriendsModel } from './invite-friends-model.js';
import { InvitesSection } from './invites-section.js';

/** The page of a person's invitations. Each section says which form goes where. */
export function inviteFriendsPage(model: InviteFriendsModel, locale = fallbackLocale): string {
  return renderPage(<InviteFriendsPage model={model} />, { locale, timeZone: model.timeZone });
}

function InviteFriendsPage({ model }: { model: InviteFriendsModel }) {
  const t = useTranslate();
  const { viewer, notice, timeZone } = model;
  const title = t('settings.titles.referral');
  return (
    <Layout title={title} viewer={viewer} current="/invite">
      <h1>{title}</h1>
      {notice === null ? null : <Banner tone="good">{t(`inviteFriends.saved.${notice}`)}</Banner>}
      <div class="stack">
        <ShareSection model={model} />
        <RewardsSection model={model} />
        <InvitesSection model={model} />
        <ChartSection model={model} />
        <ChannelsSection model={model} />
        <p class="hint">{t('invitePage.timeZone', { zone: timeZone })}</p>
      </div>
    </Layout>
  );
}

/** The code, the link, and the ways to share it. */
function ShareSection({ model }: { model: InviteFriendsModel }) {
  const t = useTranslate();
  const { referral, linkBy } = model;
  const link = safeHref(referral.link);
  return (
    <Section id="share" title={t('share.link')}>
      <p>{referral.reward}</p>
      {referral.creditWorth === null ? null : <p class="hint">{referral.creditWorth}</p>}
      <NameForm model={model} />
      <div class="invite">
        <div class="invite-words">
          <p class="invite-label">{t('share.code')}</p>
          <p class="code">{referral.code}</p>
          <p>{link ? <a href={link}>{referral.link}</a> : referral.link}</p>
          <p class="actions">
            <CopyButton text={linkBy('copy')} label={t('share.copyLink')} />
            <CopyButton text={referral.code} label={t('share.copyCode')} />
            <ShareButton url={linkBy('share')} text={referral.shareText} label={t('share.device')} />
          </p>
        </div>
        <img class="qr" src="/api/v1/referral/qr.svg" alt={t('share.qr')} width="160" height="160" />
      </div>
      <p class="invite-label">{t('share.shareBy')}</p>
      <ul class="share">
        {shareLinks(t, referral, linkBy).map(({ label, href }) => (
          <li key={label}>
            <a class="btn" data-tone="plain" href={href} target="_blank" rel="noopener noreferrer">
              {label}
            </a>
          </li>
        ))}
      </ul>
      <CodeForms model={model} />
    </Section>
  );
}

/** Asks a person without a name for one. Posts `displayName` to /invite/name. */
function NameForm({ model }: { model: InviteFriendsModel }) {
  const t = useTranslate();
  const problem = problemOf(model, 'name');
  if (!model.needsName && problem === null) return null;
  return (
    <div class="ask">
      <h3>{t('inviteFriends.name.title')}</h3>
      <ErrorBanner text={problem} />
      <Form action="/invite/name" csrf={model.viewer.csrf}>
        <Field
          id="displayName"
          name="displayName"
          label={t('inviteFriends.name.label')}
          autocomplete="given-name"
          maxlength={80}
          invalid={problem !== null}
          hint={t('inviteFriends.name.why')}
        />
        <SettingsButton>{t('inviteFriends.name.save')}</SettingsButton>
      </Form>
    </div>
  );
}

/**
 * Changes one's code (posts `code` to /invite/code, empty for a new one), and adds a forgotten
 * invitation (`claimed` to /invite/claim).
 */
function CodeForms({ model }: { model: InviteFriendsModel }) {
  const t = useTranslate();
  const { csrf } = model.viewer;
  return (
    <>
      <ErrorBanner text={problemOf(model, 'code') ?? problemOf(model, 'claim')} />
      <details class="more">
        <summary>{t('codes.change')}</summary>
        <Form action="/invite/code" csrf={csrf}>
          <Field
            id="ownCode"
            name="code"
            label={t('codes.wanted')}
            maxlength={24}
            autocomplete="off"
            hint={t('codes.wantedHint')}
          />
          <SettingsButton>{t('codes.changeButton')}</SettingsButton>
        </Form>
      </details>
      {model.canClaimReferral ? (
        <details class="more">
          <summary>{t('codes.claim')}</summary>
          <Form action="/invite/claim" csrf={csrf}>
            <Field
              id="claimed"
              name="claimed"
              label={t('login.code')}
              maxlength={100}
              autocomplete="off"
              required
              hint={t('codes.claimHint')}
            />
            <SettingsButton>{t('codes.claimButton')}</SettingsButton>
          </Form>
        </details>
      ) : null}
    </>
  );
}

/** What the invitations brought, and what may still come. */
function RewardsSection({ model: { rewards, referral } }: { model: InviteFriendsModel }) {
  const t = useTranslate();
  return (
    <Section id="rewards" title={t('inviteFriends.rewards.title')}>
      <dl class="figures">
        <div>
          <dt>{t('inviteFriends.rewards.earned')}</dt>
          <dd>{formatDays(t, rewards.earnedDays)}</dd>
        </div>
        <div>
          <dt>{t('inviteFriends.rewards.pending')}</dt>
          <dd>{formatDays(t, rewards.pendingDays)}</dd>
        </div>
      </dl>
      {rewards.storedAt === null ? null : (
        <p class="hint">
          {t('inviteFriends.rewards.asOf')} <DateTime at={rewards.storedAt} />
        </p>
      )}
      {rewards.pendingDays > 0 ? <p class="hint">{t('inviteFriends.rewards.hint')}</p> : null}
      <ReferralCounts referral={referral} />
      <p class="hint">{t('share.activeHint')}</p>
    </Section>
  );
}

/** How many joined and paid in each of the last twelve months, as a picture and as a table. */
function ChartSection({ model: { months, monthsZone } }: { model: InviteFriendsModel }) {
  const t = useTranslate();
  const joined = months.map((month) => month.joined);
  const paid = months.map((month) => month.paid);
  const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);
  if (sum(joined) === 0) return null;
  return (
    <Section id="over-time" title={t('inviteFriends.chart.title')}>
      <ColumnChart
        id="invitations"
        summary={t('inviteFriends.chart.summary', { joined: sum(joined), paid: sum(paid) })}
        series={[
          { name: t('inviteFriends.chart.joined'), shade: 2, values: joined },
          { name: t('inviteFriends.chart.paid'), shade: 3, values: paid },
        ]}
        steps={months.map((own) => monthName(t, own, monthsZone))}
      />
      <details class="more">
        <summary>{t('chart.showTable')}</summary>
        <DataTable
          caption={t('inviteFriends.chart.caption')}
          columns={[
            { head: t('inviteFriends.chart.month'), cell: (own) => monthName(t, own, monthsZone) },
            { head: t('inviteFriends.chart.joined'), kind: 'numeric', cell: (own) => own.joined },
            { head: t('inviteFriends.chart.paid'), kind: 'numeric', cell: (own) => own.paid },
          ]}
          rows={months}
          keyOf={({ month }) => month.getTime()}
        />
      </details>
      <p class="hint">{t('inviteFriends.chart.timeZone', { zone: monthsZone })}</p>
    </Section>
  );
}

function monthName(
  { locale }: Translate,
  own: InviteFriendsModel['months'][number],
  timeZone: string,
): string {
  const month = { month: 'short', year: 'numeric', timeZone } as const;
  return new Intl.DateTimeFormat(dateLocale(locale), month).format(own.month);
}

/** How often the links were opened, by the way they were shared. */
function ChannelsSection({ model: { linkStats } }: { model: InviteFriendsModel }) {
  const t = useTranslate();
  return (
    <Section id="channels" title={t('inviteFriends.channels.title')}>
      {linkStats.channels.length === 0 ? (
        <EmptyState title={t('inviteFriends.channels.none')}>
          {t('inviteFriends.channels.noneHint')}
        </EmptyState>
      ) : (
        <>
          <p>
            {t('inviteFriends.channels.intro')}{' '}
            {linkStats.signUps < maxSignUps ? '' : t('inviteFriends.channels.newest', { max: maxSignUps })}
          </p>
          <DataTable
            caption={t('inviteFriends.channels.caption')}
            columns={[
              {
                head: t('inviteFriends.channels.channel'),
                cell: ({ channel }) => t(`inviteFriends.channels.names.${channel}`),
              },
              { head: t('inviteFriends.channels.clicks'), kind: 'numeric', cell: ({ clicks }) => clicks },
              { head: t('inviteFriends.channels.signUps'), kind: 'numeric', cell: ({ signUps }) => signUps },
            ]}
            rows={linkStats.channels}
            keyOf={({ channel }) => channel}
          />
        </>
      )}
    </Section>
  );
}

/** Plain links that open another service with the text filled in. */
function shareLinks(
  t: Translate,
  referral: InviteFriendsModel['referral'],
  linkBy: (channel: Channel) => string,
): { label: string; href: string }[] {
  const words = referral.shareText;
  const [text = '', subject = ''] = [words, t('share.subject')].map(encodeURIComponent);
  const link = (channel: Channel) => encodeURIComponent(linkBy(channel));
  const both = (channel: Channel) => encodeURIComponent(`${words} ${linkBy(channel)}`);
  const name = (channel: Channel) => t(`inviteFriends.channels.names.${channel}`);
  return [
    { label: name('email'), href: `mailto:?subject=${subject}&body=${both('email')}` },
    { label: name('whatsapp'), href: `https://wa.me/?text=${both('whatsapp')}` },
    { label: name('telegram'), href: `https://t.me/share/url?url=${link('telegram')}&text=${text}` },
    { label: name('x'), href: `https://x.com/intent/post?text=${text}&url=${link('x')}` },
    {
      label: name('linkedin'),
      href: `https://www.linkedin.com/sharing/share-offsite/?url=${link('linkedin')}`,
    },
  ];
}
