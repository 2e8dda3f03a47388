import type { components } from './generated/api.js';
import type { PersonAccess } from './types.js';

/** Every type of event of the feed; webhooks have `webhook.test` besides. */
export type EventType = components['schemas']['Event']['type'];

/** A person in an event. `externalId` is your id; null where they have none (any more). */
export interface EventPerson {
  id: string;
  externalId: string | null;
}

/** Who invited whom. `referrer` is null where their account is gone. */
interface ReferralData {
  referralId: string;
  referrer: EventPerson | null;
  referred: EventPerson;
}

/** `holds`: what the reward waits for, until `releaseAt` if that is known. */
interface ConversionData extends ReferralData {
  conversionId: string;
  holds: string[];
  releaseAt: string | null;
}

type RewardState = 'granted' | 'held' | 'suspended' | 'reversed';

/** Days that a person got; negative where they were taken. */
export interface Movement {
  side: 'referrer' | 'referred';
  person: EventPerson;
  days: number;
}

interface ConvertedData extends ConversionData {
  convertedAt: string;
  state: RewardState;
  reasons: string[];
  isCapped: boolean;
  promised: Movement[];
}

interface StatusData extends ConversionData {
  state: RewardState;
  reasons: string[];
  wasCredited: boolean;
  moved: Movement[];
}

/** `reason`: `manual` (with `until`) or `milestone` (with `ordinal`). */
type CreditData = { entryId: string; person: EventPerson; days: number } & (
  { reason: 'manual'; until: string | null } | { reason: 'milestone'; ordinal: number }
);

/** The `data` of each type. */
export interface EventData {
  'person.created': { person: EventPerson };
  /** `changed`: the names of the fields. */
  'person.updated': { person: EventPerson; changed: string[] };
  'person.merged': { mergeId: string; person: EventPerson; mergedPerson: EventPerson };
  'person.erased': { person: EventPerson; mergedPeople: EventPerson[] };
  'referral.linked': ReferralData;
  'referral.converted': ConvertedData;
  'referral.held': ConvertedData | StatusData;
  'referral.credited': ConversionData & { credited: Movement[] };
  'referral.reversed': StatusData;
  'referral.restored': StatusData;
  'referral.rejected': ReferralData & { rejectedAt: string };
  'credit.granted': CreditData;
  'credit.taken': CreditData;
  'access.changed': { person: EventPerson } & Omit<PersonAccess, 'externalId'>;
}

/** Something that happened. `switch` over `type` to know the fields of `data`. */
export type TwofoldEvent<T extends EventType = EventType> = {
  [Type in T]: { id: string; type: Type; timestamp: string; data: EventData[Type] };
}[T];

/** An event as a webhook brings it; `id` is the `webhook-id`, the same over all attempts. */
export type WebhookEvent =
  TwofoldEvent | { id: string; type: 'webhook.test'; timestamp: string; data: { endpointId: string } };
