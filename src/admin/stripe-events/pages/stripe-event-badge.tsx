import { Badge, type Tone } from '../../../platform/ui/components.js';
import type { InboxStatus } from '../../../billing/index.js';

const tones: Record<InboxStatus, Tone> = {
  accepted: 'note',
  applied: 'good',
  ignored: 'note',
  parked: 'warn',
  failed: 'bad',
  dead: 'bad',
};

/** What has become of an event, in a word. */
export function StripeEventBadge({ status }: { status: InboxStatus }) {
  return <Badge tone={tones[status]}>{status}</Badge>;
}
