import { Badge, type Tone } from '../../platform/pages/parts.js';
import type { InviteModel } from './settings-model.js';

const statuses: Record<InviteModel['status'], { tone: Tone; text: string }> = {
  pending: { tone: 'note', text: 'Waiting' },
  held: { tone: 'warn', text: 'Held for review' },
  converted: { tone: 'good', text: 'Credited' },
  suspended: { tone: 'warn', text: 'On hold' },
  reversed: { tone: 'bad', text: 'Taken back' },
  rejected: { tone: 'bad', text: 'Rejected' },
};

/** Where an invite stands, in a word. */
export function InviteBadge({ status }: Pick<InviteModel, 'status'>) {
  return <Badge tone={statuses[status].tone}>{statuses[status].text}</Badge>;
}
