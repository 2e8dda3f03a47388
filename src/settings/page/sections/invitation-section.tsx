import { Badge, Section, type Tone } from '../../../platform/ui/components.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import type { InvitationNoticeDto, RewardNoticeDto } from '../../../referral/index.js';

/** The invitation that a person came with, and what they are shown of it. */
export type InvitationModel = Pick<InvitationNoticeDto, 'invitedBy' | 'reward'>;

/** How each status of a reward is meant. */
export const noticeTones: Record<RewardNoticeDto['status'], Tone> = {
  promised: 'note',
  held: 'warn',
  in_review: 'warn',
  credited: 'good',
  suspended: 'warn',
  taken_back: 'bad',
  none: 'bad',
};

const statusKeys: Record<RewardNoticeDto['status'], string> = {
  promised: 'pending',
  held: 'held',
  in_review: 'in_review',
  credited: 'converted',
  suspended: 'suspended',
  taken_back: 'reversed',
  none: 'none',
};

/** The status of a reward, as one of its sides sees it. */
export function NoticeBadge({ status }: Pick<RewardNoticeDto, 'status'>) {
  const t = useTranslate();
  return <Badge tone={noticeTones[status]}>{t(`invite.status.${statusKeys[status]}`)}</Badge>;
}

/** Who invited a person, what they get and when, or why they do not. */
export function InvitationWords({ invitation: { invitedBy, reward } }: { invitation: InvitationModel }) {
  const t = useTranslate();
  const who =
    invitedBy === null ? t('invitation.invited') : t('invitation.invitedBy', { label: invitedBy.label });
  return <>{[who, reward.text, reward.why, reward.next].filter(Boolean).join(' ')}</>;
}

/** What a person gets for the invitation that they came with. */
export function InvitationSection({ invitation }: { invitation: InvitationModel }) {
  const t = useTranslate();
  const { invitedBy, reward } = invitation;
  return (
    <Section id="invitation" title={t('settings.titles.invitation')}>
      <p>
        {invitedBy === null ? t('invitation.invited') : t('invitation.invitedBy', { label: invitedBy.label })}{' '}
        <NoticeBadge status={reward.status} />
      </p>
      <p>{reward.text}</p>
      {reward.worth ? <p>{reward.worth}</p> : null}
      {reward.why ? <p>{reward.why}</p> : null}
      {reward.next ? <p class="hint">{reward.next}</p> : null}
    </Section>
  );
}
