/** Every type of event that other products can receive. */
export const eventTypes = [
  'person.created',
  'person.updated',
  'person.merged',
  'person.erased',
  'referral.linked',
  'referral.held',
  'referral.converted',
  'referral.credited',
  'referral.reversed',
  'referral.restored',
  'referral.rejected',
  'credit.granted',
  'credit.taken',
  'access.changed',
] as const;

/** One of {@link eventTypes}. */
export type EventType = (typeof eventTypes)[number];
