export { TwofoldError } from './errors.js';
export type { ClientCode, ErrorCode, FieldError, Problem } from './errors.js';
export type {
  EventData,
  EventPerson,
  EventType,
  Movement,
  TwofoldEvent,
  WebhookEvent,
} from './event-types.js';
export type { EventPage, Events, ListEvents } from './events.js';
export type { CallOptions, OnceOptions, TwofoldOptions } from './http.js';
export type { Disputes, Payments, Refunds, StripeDelivery, StripeEvents, Subscriptions } from './payments.js';
export type { AccessWithEtag, People } from './people.js';
export type { SsoLink } from './sso.js';
export { Twofold } from './twofold.js';
export { verifyWebhook } from './webhooks.js';
export type { IncomingHeaders } from './webhooks.js';
export type { WebhookEndpoints } from './webhook-endpoints.js';
export type * from './types.js';
