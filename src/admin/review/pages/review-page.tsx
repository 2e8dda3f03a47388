import { formatNumber } from '../../../platform/ui/format.js';
import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { Field, Form, SubmitButton } from '../../../platform/ui/form.js';
import {
  Badge,
  Banner,
  DescriptionList,
  EmptyState,
  ErrorBanner,
  Section,
} from '../../../platform/ui/components.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { Layout } from '../../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import type { FraudFindingDto } from '../../../referral/index.js';
import { evidenceText } from '../../fraud/evidence-text.js';
import { AdminNav, TimeZoneHint, UserLink } from '../../pages/admin-components.js';
import type { ReferralDto } from '../../referrals/referral.dto.js';
import { ReferralBadge } from '../../referrals/pages/referral-list-page.js';
import { effectOf, rewardDays, type ReviewAction } from '../decision-effect.js';
import type { ConnectedPerson, QueuedReferral } from '../queued-referrals.js';
import type { ReviewPageModel } from '../review-page-loader.js';

/** The next referral that waits. Posts `reason` to /admin/review/{id}/approve or reject. */
export function reviewPage(model: ReviewPageModel): string {
  return renderPage(<ReviewPage model={model} />, model.viewer);
}

function ReviewPage({ model }: { model: ReviewPageModel }) {
  const t = useTranslate();
  const { current, latest, isUndone, problem, progress } = model;
  return (
    <Layout title={t('review.queue')} viewer={model.viewer} width="wide" current="/admin/users">
      <AdminNav current="review" />
      <h1>{t('review.queue')}</h1>
      <ErrorBanner text={problem} />
      {isUndone ? <Banner tone="good">{t('review.undone')}</Banner> : null}
      {latest?.review.scheduled ? <DecidedBanner model={model} latest={latest} /> : null}
      <p>
        {current === null ? null : (
          <strong>
            {t('review.progress', {
              number: Math.min(progress.handled + 1, progress.total),
              total: `${formatNumber(t, progress.total)}${progress.isMore ? '+' : ''}`,
            })}
          </strong>
        )}{' '}
        <a href="/admin/review/bulk">{t('review.bulk.link')}</a>{' '}
        <a href="/admin/review.csv">{t('lists.csv')}</a>
      </p>
      <div class="stack">
        {current === null ? <NothingLeft model={model} /> : <Current model={model} current={current} />}
        <ScheduledSection model={model} />
        <Keys mayDecide={model.mayDecide} />
        <TimeZoneHint />
      </div>
    </Layout>
  );
}

/** The referral that was just decided, and the way back. */
function DecidedBanner({ model, latest }: { model: ReviewPageModel; latest: ReferralDto }) {
  const t = useTranslate();
  const { scheduled } = latest.review;
  if (scheduled === null) return null;
  return (
    <Banner tone="good">
      {t(`review.decided.${scheduled.decision}`, { person: personOf(t, latest) })} {t('review.takesEffect')}{' '}
      <DateTime at={scheduled.takesEffectAt} />.
      {model.mayDecide ? (
        <UndoForm csrf={model.viewer.csrf} referral={latest} shortcut="u">
          {t('review.undo')}
        </UndoForm>
      ) : null}
    </Banner>
  );
}

function UndoForm({
  csrf,
  referral,
  shortcut,
  children,
}: {
  csrf: string;
  referral: ReferralDto;
  shortcut?: string;
  children: string;
}) {
  const t = useTranslate();
  return (
    <Form action="/admin/review/undo" csrf={csrf} inline>
      <input type="hidden" name="referral" value={referral.id} />
      <SubmitButton
        tone="plain"
        shortcut={shortcut}
        label={t('review.undoOf', { person: personOf(t, referral) })}
      >
        {children}
      </SubmitButton>
    </Form>
  );
}

function NothingLeft({ model: { after, progress } }: { model: ReviewPageModel }) {
  const t = useTranslate();
  return (
    <EmptyState title={t(after === '' ? 'review.queueEmpty' : 'review.queueEnd')}>
      {after === '' ? (
        t('review.queueEmptyHint')
      ) : (
        <>
          {t('review.queueEndHint', { handled: progress.handled })}{' '}
          <a href="/admin/review">{t('review.fromStart')}</a>
        </>
      )}
    </EmptyState>
  );
}

function Current({ model, current }: { model: ReviewPageModel; current: QueuedReferral }) {
  const t = useTranslate();
  const { referral } = current;
  return (
    <>
      <Section id="who" title={t('review.who')}>
        <DescriptionList
          items={[
            [t('console.referral.friend'), <UserLink {...referral.referred} />],
            [
              t('console.referral.referrer'),
              <UserLink
                userId={referral.referrer?.userId ?? null}
                email={referral.referrer?.email ?? null}
              />,
            ],
            [t('console.referral.status'), <ReferralBadge status={referral.status} />],
            [t('console.referral.joined'), <DateTime at={referral.linkedAt} />],
            [
              t('console.referral.firstPaid'),
              referral.convertedAt ? <DateTime at={referral.convertedAt} /> : t('review.notPaid'),
            ],
            [t('review.waitsSince'), <DateTime at={current.openedAt} />],
          ]}
        />
        <p>
          <a href={`/admin/referrals/${referral.id}`}>{t('review.allDetails')}</a>
        </p>
      </Section>
      <EvidenceSection current={current} />
      {model.mayDecide ? (
        <DecideSection model={model} current={current} />
      ) : (
        <NextLink model={model} current={current} />
      )}
    </>
  );
}

function EvidenceSection({ current: { findings, connected, referral } }: { current: QueuedReferral }) {
  const t = useTranslate();
  return (
    <Section id="evidence" title={t('review.evidence')}>
      {findings.length === 0 ? (
        <p>{t('fraud.noHits')}</p>
      ) : (
        <ul>
          {findings.map((finding) => (
            <Evidence
              key={`${finding.rule}${finding.mode}${finding.at.getTime()}${JSON.stringify(finding.evidence)}`}
              finding={finding}
              email={referral.referred.email}
            />
          ))}
        </ul>
      )}
      {connected.length === 0 ? null : (
        <>
          <h3>{t('review.connected')}</h3>
          <ul>
            {connected.map((person) => (
              <Connected key={`${person.kind}${person.userId}`} person={person} referral={referral} />
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}

function Evidence({ finding, email }: { finding: FraudFindingDto; email: string | null }) {
  const t = useTranslate();
  return (
    <li>
      {evidenceText(t, finding, email)}{' '}
      <Badge tone={finding.weight >= 60 ? 'bad' : 'warn'}>
        {t('review.weight', { weight: finding.weight })}
      </Badge>
      {finding.mode === 'shadow' ? <span class="hint block">{t('fraud.shadowMode')}</span> : null}
    </li>
  );
}

function Connected({ person, referral }: { person: ConnectedPerson; referral: ReferralDto }) {
  const t = useTranslate();
  return (
    <li>
      <UserLink userId={person.userId} email={person.email} />: {t(`review.shares.${person.kind}`)}
      {person.userId === referral.referrer?.userId ? ` (${t('review.isReferrer')})` : ''}
    </li>
  );
}

const shortcuts = { approve: 'a', reject: 'r' } as const;

function DecideSection({ model, current }: { model: ReviewPageModel; current: QueuedReferral }) {
  const t = useTranslate();
  return (
    <Section id="decide" title={t('review.decide')}>
      <p class="hint">{t('review.delayHint')}</p>
      {(['approve', 'reject'] as const).map((action) => (
        <DecideForm key={action} action={action} model={model} current={current} />
      ))}
      <NextLink model={model} current={current} />
    </Section>
  );
}

/** The keys of the page, and a button that turns them off and on again. */
function Keys({ mayDecide }: { mayDecide: boolean }) {
  const t = useTranslate();
  const [on, off] = [t('review.keys.turnOn'), t('review.keys.turnOff')];
  return (
    <div data-scripted hidden>
      <p class="hint">
        {t(mayDecide ? 'review.keys.all' : 'review.keys.next')} {t('review.keys.hint')}
      </p>
      <button type="button" class="btn" data-tone="plain" data-keys-on={on} data-keys-off={off}>
        {off}
      </button>
    </div>
  );
}

function DecideForm({
  action,
  model: { viewer, progress },
  current: { referral, place },
}: {
  action: ReviewAction;
  model: ReviewPageModel;
  current: QueuedReferral;
}) {
  const t = useTranslate();
  return (
    <>
      <h3>{t(`review.${action}`)}</h3>
      <p class="hint">
        {t(`review.effect.${effectOf(referral, action)}`, { count: 1, days: rewardDays(referral) })}
      </p>
      <Form action={`/admin/review/${referral.id}/${action}`} csrf={viewer.csrf} inline>
        <input type="hidden" name="place" value={place} />
        <input type="hidden" name="handled" value={String(progress.handled)} />
        <Field
          id={`reason-${action}`}
          name="reason"
          label={t(`review.reasonTo.${action}`)}
          maxlength={500}
          shortcut={shortcuts[action]}
          required
        />
        <SubmitButton tone={action === 'reject' ? 'danger' : 'main'}>{t(`review.${action}`)}</SubmitButton>
      </Form>
    </>
  );
}

function NextLink({ model, current }: { model: ReviewPageModel; current: QueuedReferral }) {
  const t = useTranslate();
  const query = new URLSearchParams({ after: current.place, handled: String(model.progress.handled + 1) });
  return (
    <p>
      <a href={`/admin/review?${query.toString()}`} aria-keyshortcuts="n">
        {t('review.skip')}
      </a>
    </p>
  );
}

function ScheduledSection({ model: { scheduled, mayDecide, viewer } }: { model: ReviewPageModel }) {
  const t = useTranslate();
  if (scheduled.length === 0) return null;
  return (
    <Section id="scheduled" title={t('review.scheduled')}>
      <DataTable
        caption={t('review.scheduledCaption')}
        columns={scheduledColumns(t, mayDecide ? viewer.csrf : null)}
        rows={scheduled}
        keyOf={({ id }) => id}
      />
    </Section>
  );
}

function scheduledColumns(t: Translate, csrf: string | null): Column<ReferralDto>[] {
  return [
    {
      head: t('console.referral.friend'),
      cell: (referral) => <a href={`/admin/referrals/${referral.id}`}>{personOf(t, referral)}</a>,
    },
    {
      head: t('review.decision'),
      cell: ({ review: { scheduled } }) => (scheduled ? t(`review.decisions.${scheduled.decision}`) : '—'),
    },
    {
      head: t('review.takesEffectHead'),
      cell: ({ review: { scheduled } }) => (scheduled ? <DateTime at={scheduled.takesEffectAt} /> : '—'),
    },
    ...(csrf === null
      ? []
      : [
          {
            head: t('review.undo'),
            cell: (referral: ReferralDto) => (
              <UndoForm csrf={csrf} referral={referral}>
                {t('review.undo')}
              </UndoForm>
            ),
          },
        ]),
  ];
}

/** How pages name the friend of a referral. */
export function personOf(t: Translate, { referred }: ReferralDto): string {
  return referred.email ?? t('console.erasedUser');
}
