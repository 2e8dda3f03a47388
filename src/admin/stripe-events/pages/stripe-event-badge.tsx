import { Badge, type Tone } from '../../../platform/ui/components.js';
import type { StripeEventStatusModel } from './stripe-event-page-model.js';

const tones: Record<StripeEventStatusModel, Tone> = {
  accepted: 'note',
  applied: 'good',
  ignored: 'note',
  parked: 'warn',
  failed: 'bad',
  dead: 'bad',
};

/** What has become of an event, in a word. */
export function StripeEventBadge({ status }: { status: StripeEventStatusModel }) {
  return <Badge tone={tones[status]}>{status}</Badge>;
}
