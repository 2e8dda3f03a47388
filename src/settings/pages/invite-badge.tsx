import { Badge, type Tone } from '../../platform/pages/parts.js';
import { useWords } from '../../platform/pages/use-words.js';
import type { InviteModel } from './settings-model.js';

const tones: Record<InviteModel['status'], Tone> = {
  pending: 'note',
  held: 'warn',
  converted: 'good',
  suspended: 'warn',
  reversed: 'bad',
  rejected: 'bad',
};

/** Where an invite stands, in a word. */
export function InviteBadge({ status }: Pick<InviteModel, 'status'>) {
  const t = useWords();
  return <Badge tone={tones[status]}>{t(`invite.status.${status}`)}</Badge>;
}
