import { Badge, type Tone } from '../../../platform/ui/components.js';
import type { ReferralStatusModel } from './referral-page-model.js';

const tones: Record<ReferralStatusModel, Tone> = {
  pending: 'note',
  held: 'warn',
  converted: 'good',
  suspended: 'warn',
  reversed: 'bad',
  rejected: 'bad',
};

/** Where a referral stands, in a word. */
export function ReferralBadge({ status }: { status: ReferralStatusModel }) {
  return <Badge tone={tones[status]}>{status}</Badge>;
}
