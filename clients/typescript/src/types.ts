import type { components } from './generated/api.js';

type Schemas = components['schemas'];

/** A person of your product, as Twofold knows them. */
export type Person = Schemas['Person'];
/** What your product knows of a person. A field left out stays as it is. */
export type PutPerson = Schemas['PutPerson'];
/** One person of {@link People.putMany}. */
export type BatchPerson = Schemas['BatchPerson'];
/** A person as they were saved, their own code and link, and what became of their invitation. */
export type SavedPerson = Schemas['SavedPerson'];
/** What became of one person of {@link People.putMany}. */
export type BatchOutcome = Schemas['BatchOutcome'];
/** Whether a person may use what is paid for, and until when. */
export type PersonAccess = Schemas['PersonAccess'];
/** The access of several people, and the ids that are not known. */
export type PeopleAccess = Schemas['PeopleAccess'];
/** A person's code and link, their counts, and what the programme gives. */
export type ReferralOverview = Schemas['ReferralOverview'];
/** A person who came by another person's link. */
export type Invite = Schemas['Invite'];
/** A person's credit: until when, and every entry. */
export type CreditStatement = Schemas['CreditStatement'];
/** A line of the credit ledger. */
export type CreditEntry = Schemas['CreditEntry'];
/** A token for the widget: it reads and changes one person's referral, for 15 minutes. */
export type PersonToken = Schemas['PersonToken'];
/** Days to give to a person. */
export type GiveCredit = Schemas['GiveCredit'];

/** A payment that a processor has received. */
export type PutPayment = Schemas['PutPayment'];
/** What a payment did. `parked`: its person is not known yet; it is applied when they are. */
export type PaymentAnswer = Schemas['PaymentAnswer'];
/** A refund of a payment. */
export type PutRefund = Schemas['PutRefund'];
/** A dispute of a payment. */
export type PutDispute = Schemas['PutDispute'];
/** The present state of a subscription. */
export type PutSubscription = Schemas['PutSubscription'];
/** What a refund, a dispute or a subscription did. */
export type ChangeAnswer = Schemas['ChangeAnswer'];

/** A receiver of webhooks. */
export type WebhookEndpoint = Schemas['Endpoint'];
/** A receiver of webhooks with its secret, which is shown once. */
export type WebhookEndpointWithSecret = Schemas['EndpointWithSecret'];
/** A receiver of webhooks to add. */
export type CreateWebhookEndpoint = Schemas['CreateEndpoint'];
/** What to change of a receiver of webhooks. */
export type ChangeWebhookEndpoint = Schemas['ChangeEndpoint'];
/** A webhook on its way to a receiver. */
export type WebhookDelivery = Schemas['Delivery'];
/** What a receiver answered to `webhook.test`. */
export type WebhookTestResult = Schemas['TestResult'];
