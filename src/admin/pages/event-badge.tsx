import { Badge, type Tone } from '../../platform/pages/parts.js';
import type { EventStatusModel } from './event-model.js';

const tones: Record<EventStatusModel, Tone> = {
  accepted: 'note',
  applied: 'good',
  ignored: 'note',
  parked: 'warn',
  failed: 'bad',
  dead: 'bad',
};

/** What has become of an event, in a word. */
export function EventBadge({ status }: { status: EventStatusModel }) {
  return <Badge tone={tones[status]}>{status}</Badge>;
}
