import { EmptyState, ErrorBanner, Section } from '../../platform/ui/components.js';
import { DateTime } from '../../platform/ui/date-time.js';
import { Field, Form, SettingsButton } from '../../platform/ui/form.js';
import { countDays, formatSignedDays } from '../../platform/ui/format.js';
import { useTranslate } from '../../platform/ui/render-page.js';
import { NoticeBadge } from '../page/sections/invitation-section.js';
import { problemOf, type InviteModel, type InviteFriendsModel } from './invite-friends-model.js';

/** The people the user referred, and what became of each invitation. */
export function InvitesSection({ model }: { model: InviteFriendsModel }) {
  const t = useTranslate();
  const { invites, nextCursor } = model;
  return (
    <Section id="invites" title={t('invites.title')}>
      <ErrorBanner text={problemOf(model, 'note')} />
      {invites.length === 0 ? (
        <EmptyState title={t('invites.none')}>{t('invites.noneHint')}</EmptyState>
      ) : (
        <ul class="rows">
          {invites.map((invite) => (
            <li key={invite.id} id={`invite-${invite.id}`}>
              <Invite invite={invite} model={model} />
              <NoticeBadge status={invite.reward.status} />
            </li>
          ))}
        </ul>
      )}
      {nextCursor === null ? null : (
        <p>
          <a href={`/invite?invites=${encodeURIComponent(nextCursor)}#invites`}>{t('invites.older')}</a>
        </p>
      )}
      <NoCreditReasons />
    </Section>
  );
}

function Invite({ invite, model }: { invite: InviteModel; model: InviteFriendsModel }) {
  const t = useTranslate();
  const { id, label, reward, invitedAt, convertedAt, daysEarned } = invite;
  const otherName = otherNameOf(invite);
  return (
    <div class="row-words">
      <a href={`/settings/invites/${encodeURIComponent(id)}`}>{label}</a>
      {otherName === null ? null : <span class="hint"> {otherName}</span>}
      <p>{[reward.text, reward.why].filter(Boolean).join(' ')}</p>
      {reward.next ? <p class="hint">{reward.next}</p> : null}
      <p class="hint">
        {t('invites.joined')} <DateTime at={invitedAt} dateOnly />
        {convertedAt === null ? null : (
          <>
            {' · '}
            {t('invites.firstPaid')} <DateTime at={convertedAt} dateOnly />
          </>
        )}
        {countDays(daysEarned).count === 0
          ? null
          : ` · ${t('invites.earned')} ${formatSignedDays(t, daysEarned)}`}
      </p>
      <NoteForm invite={invite} model={model} />
    </div>
  );
}

/** What the inviter knows of a person besides the name that is shown. */
function otherNameOf({ label, note, maskedAddress }: InviteModel): string | null {
  return [note, maskedAddress].find((name) => name !== null && name !== label) ?? null;
}

/** Posts `id` of the invite, `note` and `invites`, where the list shown begins, to /invite/note. */
function NoteForm({
  invite: { id, note, chosenName, maskedAddress },
  model,
}: {
  invite: InviteModel;
  model: InviteFriendsModel;
}) {
  const t = useTranslate();
  return (
    <details class="more">
      <summary>{t(note === null ? 'inviteFriends.note.add' : 'inviteFriends.note.change')}</summary>
      <Form action="/invite/note" csrf={model.viewer.csrf}>
        <input type="hidden" name="id" value={id} />
        <input type="hidden" name="invites" value={model.cursor} />
        <Field
          id={`note-${id}`}
          name="note"
          label={t('inviteFriends.note.label', { label: chosenName ?? maskedAddress })}
          value={note ?? ''}
          autocomplete="off"
          maxlength={80}
          hint={t('inviteFriends.note.hint')}
        />
        <SettingsButton>{t('inviteFriends.note.save')}</SettingsButton>
      </Form>
    </details>
  );
}

const noCreditReasons = [
  'hadAccount',
  'ownLink',
  'invitedByOther',
  'notPaid',
  'paidBefore',
  'refunded',
] as const;

/** Why a shared link may not earn anything. */
function NoCreditReasons() {
  const t = useTranslate();
  return (
    <details class="more">
      <summary>{t('noCredit.title')}</summary>
      <dl class="reasons">
        {noCreditReasons.map((reason) => (
          <div key={reason}>
            <dt>{t(`noCredit.${reason}.title`)}</dt>
            <dd>{t(`noCredit.${reason}.explanation`)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
