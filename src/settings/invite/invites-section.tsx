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
  const { id, reward, invitedAt, convertedAt, daysEarned } = invite;
  const [name, otherName] = namesOf(invite);
  return (
    <div class="row-words">
      <a href={`/settings/invites/${encodeURIComponent(id)}`}>{name}</a>
      {otherName === null ? null : <span class="hint"> {otherName}</span>}
      <p>{reward.why ?? reward.text}</p>
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

/** The name that says most: what the referrer wrote, what the person chose, the masked address. */
function namesOf({ note, chosenName, label }: InviteModel): [name: string, otherName: string | null] {
  const [name = label, otherName = null] = [note, chosenName, label].filter((own) => own !== null);
  return [name, otherName];
}

/** Posts `id` of the invite, `note` and `invites`, where the list shown begins, to /invite/note. */
function NoteForm({
  invite: { id, note, chosenName, label },
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
          label={t('inviteFriends.note.label', { label: chosenName ?? label })}
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
