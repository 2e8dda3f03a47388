import type { Children } from '#jsx/jsx-runtime';
import { dayMs } from '../../../platform/durations.js';
import { formatMoney } from '../../../platform/money.js';
import { Badge, EmptyState, Section } from '../../../platform/ui/components.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { formatSignedDays } from '../../../platform/ui/format.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import { actionText } from '../../audit/pages/audit-section.js';
import { UserLink } from '../../pages/admin-components.js';
import { StripeObject } from '../../pages/stripe-object.js';
import { timelineKinds, type TimelineData, type TimelineEntry } from '../timeline/timeline-entry.js';
import type { UserPageModel } from '../user-page-loader.js';
import { reversalStatusText } from '../../pages/stripe-statuses.js';

/** What happened to a user, the newest first, in pages and by kind. */
export function TimelineSection({ model }: { model: UserPageModel }) {
  const t = useTranslate();
  const { kind, entries, next, isFirst } = model.timeline;
  return (
    <Section id="timeline" title={t('timeline.title')}>
      <KindLinks model={model} />
      {entries.length === 0 ? (
        <EmptyState title={t('timeline.empty')}>
          {kind === null ? (
            t('timeline.emptyHint')
          ) : (
            <a href={timelineHref(model, { kind: null })}>{t('timeline.all')}</a>
          )}
        </EmptyState>
      ) : (
        <ol class="timeline">
          {entries.map((entry) => (
            <li key={`${entry.source} ${entry.key}`}>
              <span class="timeline-time">
                <DateTime at={entry.at} dateOnly={entry.source === 'linkClick'} />
              </span>
              <div class="timeline-event">
                <Event entry={entry} model={model} />
              </div>
            </li>
          ))}
        </ol>
      )}
      {isFirst && next === null ? null : (
        <nav class="pager" aria-label={t('timeline.pages')}>
          {isFirst ? null : <a href={timelineHref(model, { kind })}>{t('timeline.newest')}</a>}
          {next === null ? null : (
            <a href={timelineHref(model, { kind, after: next })} rel="next">
              {t('timeline.older')}
            </a>
          )}
        </nav>
      )}
    </Section>
  );
}

function timelineHref(
  { user }: UserPageModel,
  { kind, after }: { kind: string | null; after?: string },
): string {
  const query = new URLSearchParams({
    ...(kind === null ? {} : { kind }),
    ...(after === undefined ? {} : { after }),
  }).toString();
  return `/admin/users/${encodeURIComponent(user.id)}${query === '' ? '' : `?${query}`}#timeline`;
}

function KindLinks({ model }: { model: UserPageModel }) {
  const t = useTranslate();
  return (
    <nav class="chips" aria-label={t('timeline.filter')}>
      {[null, ...timelineKinds].map((kind) => (
        <a
          key={kind}
          class="kind"
          href={timelineHref(model, { kind })}
          aria-current={kind === model.timeline.kind ? 'true' : undefined}
        >
          {t(`timeline.kinds.${kind ?? 'all'}`)}
        </a>
      ))}
    </nav>
  );
}

type EventProps<Source extends keyof TimelineData> = { data: TimelineData[Source]; model: UserPageModel };

function Event({ entry, model }: { entry: TimelineEntry; model: UserPageModel }) {
  switch (entry.source) {
    case 'signUp':
      return <SignUp data={entry.data} model={model} />;
    case 'linkClick':
      return <LinkClicks data={entry.data} model={model} />;
    case 'invitation':
      return <Invitation data={entry.data} model={model} />;
    case 'invite':
      return <Invite data={entry.data} model={model} />;
    case 'payment':
      return <Payment data={entry.data} model={model} />;
    case 'reversal':
      return <Reversal data={entry.data} model={model} />;
    case 'credit':
      return <Credit data={entry.data} model={model} />;
    case 'email':
      return <Email data={entry.data} model={model} />;
    case 'finding':
      return <Finding data={entry.data} model={model} />;
    case 'conversion':
      return <Conversion data={entry.data} model={model} />;
    case 'change':
    case 'staff':
      return <Change data={entry.data} model={model} />;
  }
}

function SignUp({ data }: EventProps<'signUp'>) {
  const t = useTranslate();
  return data.external_id === null ? (
    <strong>{t('timeline.signUp')}</strong>
  ) : (
    <>
      <strong>{t('timeline.signUp')}</strong>{' '}
      <Details>{t('timeline.externalId', { id: data.external_id })}</Details>
    </>
  );
}

function LinkClicks({ data: { code, clicks } }: EventProps<'linkClick'>) {
  return <strong>{useTranslate()('timeline.linkClick', { code, clicks })}</strong>;
}

function Invitation({ data }: EventProps<'invitation'>) {
  const t = useTranslate();
  return (
    <>
      <strong>{t('timeline.invitation')}</strong> <Other person={data} />
      <Details>
        {t(`timeline.origins.${data.origin}`, { code: data.code })} <ReferralLink id={data.referral_id} />
      </Details>
    </>
  );
}

function Invite({ data }: EventProps<'invite'>) {
  const t = useTranslate();
  return (
    <>
      <strong>{t('timeline.invite')}</strong> <Other person={data} />
      <Details>
        {t(`timeline.origins.${data.origin}`, { code: data.code })} <ReferralLink id={data.referral_id} />
      </Details>
    </>
  );
}

function Payment({ data, model }: EventProps<'payment'>) {
  const t = useTranslate();
  const { key, amount, currency } = data;
  return (
    <>
      <strong>{t('timeline.payment', { money: formatMoney({ amount, currency }, t.locale) })}</strong>
      <Details>
        <StripeObject id={key} dashboard={model.stripeDashboard} />
        {data.subscription_id === '' ? null : (
          <>
            {' '}
            · <StripeObject id={data.subscription_id} dashboard={model.stripeDashboard} />
          </>
        )}
      </Details>
    </>
  );
}

function Reversal({ data, model }: EventProps<'reversal'>) {
  const t = useTranslate();
  const { key, kind, status, amount, currency } = data;
  return (
    <>
      <strong>
        {t('timeline.reversal', {
          kind: t(`console.payment.kind.${kind}`),
          money: formatMoney({ amount, currency }, t.locale),
        })}
      </strong>{' '}
      <Badge tone="note">{reversalStatusText(t, { kind, status })}</Badge>
      <Details>
        <StripeObject id={key} dashboard={model.stripeDashboard} /> ·{' '}
        <StripeObject id={data.invoice_id} dashboard={model.stripeDashboard} />
      </Details>
    </>
  );
}

function Credit({ data, model }: EventProps<'credit'>) {
  const t = useTranslate();
  const isRevocable = data.is_revocable && model.mayChange;
  const kind = t(`console.credit.kind.${data.kind}`);
  const money = model.refundsAsCredit.get(data.entry_id);
  return (
    <>
      <strong>
        {formatSignedDays(t, data.duration_ms / dayMs)} ·{' '}
        {money === undefined ? kind : t('timeline.reversal', { kind, money: formatMoney(money, t.locale) })}
      </strong>
      {data.referral_id === null && data.note === null && !isRevocable ? null : (
        <Details>
          {data.note === null ? null : <q>{data.note}</q>}
          {data.referral_id === null ? null : (
            <>
              {t('timeline.with')} <Other person={data} /> <ReferralLink id={data.referral_id} />
            </>
          )}{' '}
          {isRevocable ? (
            <a
              href={`/admin/users/${encodeURIComponent(model.user.id)}/credit/${encodeURIComponent(data.entry_id)}/revoke`}
            >
              {t('console.credit.revoke')}
            </a>
          ) : null}
        </Details>
      )}
    </>
  );
}

function Email({ data: { template } }: EventProps<'email'>) {
  const t = useTranslate();
  return (
    <strong>
      {t('timeline.email', {
        name: template === null ? t('timeline.unknownEmail') : t(`timeline.emails.${template}`),
      })}
    </strong>
  );
}

function Finding({ data }: EventProps<'finding'>) {
  const t = useTranslate();
  return (
    <>
      <strong>{t('timeline.finding', { rule: t(`fraud.rules.${data.rule}`) })}</strong>
      <Details>
        {data.mode === 'shadow' ? t('fraud.shadowMode') : t('timeline.weight', { weight: data.weight })}{' '}
        <ReferralLink id={data.referral_id} />
      </Details>
    </>
  );
}

function Conversion({ data }: EventProps<'conversion'>) {
  const t = useTranslate();
  return (
    <>
      <strong>{t('timeline.conversion')}</strong> <Other person={data} />{' '}
      <Badge tone={data.state === 'granted' ? 'good' : 'warn'}>{t(`timeline.states.${data.state}`)}</Badge>
      <Details>
        {data.reasons.map((reason) => `${t(`rewardStatus.${reason}.reason`)} `)}
        {data.holds.map((hold) => `${t(`timeline.holds.${hold}`)} `)}
        {data.state === 'held' && data.release_at !== null ? (
          <>
            {t('timeline.until')} <DateTime at={new Date(data.release_at)} />{' '}
          </>
        ) : null}
        <ReferralLink id={data.referral_id} />
      </Details>
    </>
  );
}

function Change({ data }: EventProps<'change'>) {
  const t = useTranslate();
  return (
    <>
      <strong>{actionText(t, data.action)}</strong>
      <Details>
        <Actor data={data} />
        {data.note === null ? null : (
          <>
            {' '}
            <q>{data.note}</q>
          </>
        )}
      </Details>
    </>
  );
}

/** Who did it: a person by name, an API key by its name, or else what it was. */
function Actor({ data }: { data: TimelineData['change'] }) {
  const t = useTranslate();
  const { actor_id, actor_email, actor_name, via } = data;
  const kind = t(`console.audit.actor.${data.actor_kind}`);
  const text = actor_name === null ? kind : `${kind} ${actor_name}`;
  return (
    <>
      {t('timeline.by')}{' '}
      {actor_email === null ? (
        text
      ) : (
        <a href={`/admin/users/${encodeURIComponent(actor_id ?? '')}`}>{actor_name ?? actor_email}</a>
      )}
      {via === null ? '' : ` (${via})`}
    </>
  );
}

function Details({ children }: { children: Children }) {
  return <span class="hint block">{children}</span>;
}

function Other({ person }: { person: { other_id: string | null; other_email: string | null } }) {
  return <UserLink userId={person.other_id} email={person.other_email} />;
}

function ReferralLink({ id }: { id: string }) {
  return <a href={`/admin/referrals/${encodeURIComponent(id)}`}>{useTranslate()('timeline.seeReferral')}</a>;
}
