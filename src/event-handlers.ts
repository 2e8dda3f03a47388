import { Injectable } from '@nestjs/common';
import { InstallationChecks } from './admin/index.js';
import {
  AuthRetention,
  type AccountsMerged,
  type ChallengeIssued,
  type NewDeviceSignedIn,
  type EmailChanged,
  type SecondFactorAdded,
  type SecondFactorGuessed,
  type SecondFactorRemoved,
  type StaffInvited,
  type UserCreated,
  type UserUpdated,
  type UsersErased,
} from './auth/index.js';
import {
  DeferralService,
  RewardRelease,
  InboxRedaction,
  InboxRetention,
  ParkedEventRetries,
  PaymentSync,
  ReconciliationService,
  StripeCircuit,
  SubscriptionSync,
  type EventParked,
  type EventUnparked,
  type PaymentFailed,
  type PaymentConflict,
  type SubscriptionConflict,
} from './billing/index.js';
import type { CreditAdded, CreditGranted, CreditRevoked, CreditTaken } from './credit/index.js';
import {
  AccountEmails,
  CreditEmails,
  EmailRetention,
  ReferralEmails,
  WebhookEmails,
} from './notifications/index.js';
import {
  AccessPublisher,
  DeliveryWorker,
  DomainEventTranslator,
  EventRetention,
  type WebhookEndpointDisabled,
} from './outgoing-webhooks/index.js';
import { TotalsStore } from './admin/index.js';
import { CreditExpiryJob } from './settings/index.js';
import { MonthPartitions } from './platform/database/month-partitions.js';
import type { Lane } from './platform/jobs/lanes.js';
import type { DomainEvent, EventRouting, Publication } from './platform/jobs/outbox.js';
import type { EventHandlers } from './platform/jobs/event-handler-worker.js';
import {
  CardCheckJob,
  ScheduledReviews,
  SignalRetention,
  LinkClicks,
  type ReferralConverted,
  type ReferralCredited,
  type ReferralLinked,
  type ReferralMilestone,
  type ReferralReviewed,
  type ReferralStatusChanged,
} from './referral/index.js';
import { VerificationService } from './integrity/index.js';

/**
 * Every domain event there is. What must be true together with it is a call inside its transaction,
 * not listed here.
 */
interface EventMap {
  'auth.challenge_issued': ChallengeIssued;
  'auth.user_created': UserCreated;
  'auth.user_updated': UserUpdated;
  'auth.users_erased': UsersErased;
  'auth.email_changed': EmailChanged;
  'auth.new_device_signed_in': NewDeviceSignedIn;
  'auth.accounts_merged': AccountsMerged;
  'auth.second_factor_added': SecondFactorAdded;
  'auth.second_factor_removed': SecondFactorRemoved;
  'auth.second_factor_guessed': SecondFactorGuessed;
  'auth.staff_invited': StaffInvited;
  'referral.linked': ReferralLinked;
  'referral.converted': ReferralConverted;
  'referral.credited': ReferralCredited;
  'referral.held': ReferralStatusChanged;
  'referral.milestone': ReferralMilestone;
  'referral.reviewed': ReferralReviewed;
  'referral.reversed': ReferralStatusChanged;
  'referral.restored': ReferralStatusChanged;
  'credit.granted': CreditGranted;
  'credit.added': CreditAdded;
  'credit.revoked': CreditRevoked;
  'credit.taken': CreditTaken;
  'billing.event_parked': EventParked;
  'billing.event_unparked': EventUnparked;
  'billing.subscription_conflict': SubscriptionConflict;
  'billing.payment_conflict': PaymentConflict;
  'billing.payment_failed': PaymentFailed;
  'webhooks.endpoint_disabled': WebhookEndpointDisabled;
}

/** The services that handlers call. */
@Injectable()
export class HandlerServices {
  // eslint-disable-next-line max-params -- lists what the handlers call; they do not work together
  constructor(
    readonly accountEmails: AccountEmails,
    readonly creditEmails: CreditEmails,
    readonly referralEmails: ReferralEmails,
    readonly creditExpiry: CreditExpiryJob,
    readonly authRetention: AuthRetention,
    readonly monthPartitions: MonthPartitions,
    readonly parkedEvents: ParkedEventRetries,
    readonly payments: PaymentSync,
    readonly subscriptions: SubscriptionSync,
    readonly deferralService: DeferralService,
    readonly rewardRelease: RewardRelease,
    readonly stripeEventRedaction: InboxRedaction,
    readonly cardCheck: CardCheckJob,
    readonly scheduledReviews: ScheduledReviews,
    readonly reconciliationService: ReconciliationService,
    readonly eventPayloadRetention: InboxRetention,
    readonly emailRetention: EmailRetention,
    readonly linkClicks: LinkClicks,
    readonly fraudSignalRetention: SignalRetention,
    readonly integrityChecks: VerificationService,
    readonly stripeCircuit: StripeCircuit,
    readonly webhookEmails: WebhookEmails,
    readonly publicEvents: DomainEventTranslator,
    readonly accessPublisher: AccessPublisher,
    readonly deliveryWorker: DeliveryWorker,
    readonly webhookRetention: EventRetention,
    readonly installationChecks: InstallationChecks,
    readonly totalsStore: TotalsStore,
  ) {}
}

type HandlerFunction<Event> = (
  services: HandlerServices,
  event: Event,
  publication: Publication,
) => Promise<unknown>;
/** A handler, and the lane that it runs in (src/platform/jobs/lanes.ts). */
interface EventHandler<Event> {
  lane: Lane;
  run: HandlerFunction<Event>;
}
type HandlersOf<Event> = Record<string, EventHandler<Event>>;

const onSignInLane = <Event>(run: HandlerFunction<Event>): EventHandler<Event> => ({ lane: 'sign-in', run });
const onPaymentsLane = <Event>(run: HandlerFunction<Event>): EventHandler<Event> => ({
  lane: 'payments',
  run,
});
const onEmailLane = <Event>(run: HandlerFunction<Event>): EventHandler<Event> => ({ lane: 'email', run });
const onStripeLane = <Event>(run: HandlerFunction<Event>): EventHandler<Event> => ({ lane: 'stripe', run });
const onWebhooksLane = <Event>(run: HandlerFunction<Event>): EventHandler<Event> => ({
  lane: 'webhooks',
  run,
});
/** Publishes an event to other products, by a method of {@link DomainEventTranslator}. */
const toProducts = <Event>(
  publish: (events: DomainEventTranslator, event: Event, publication: Publication) => Promise<void>,
): EventHandler<Event> =>
  onWebhooksLane(({ publicEvents }, event, publication) => publish(publicEvents, event, publication));
const onBulkLane = <Event>(run: HandlerFunction<Event>): EventHandler<Event> => ({ lane: 'bulk', run });

/**
 * The handlers of each event and their lanes. Each runs after the commit, as a job of its own,
 * until it succeeds.
 */
const eventHandlers: { readonly [Name in keyof EventMap]: HandlersOf<EventMap[Name]> } = {
  'auth.challenge_issued': {
    emailSignInCode: onSignInLane(({ accountEmails }, event) => accountEmails.sendSignInCode(event)),
  },
  'auth.user_created': {
    publishToProducts: toProducts((events, ...said) => events.userCreated(...said)),
  },
  'auth.user_updated': {
    publishToProducts: toProducts((events, ...said) => events.userUpdated(...said)),
  },
  'auth.users_erased': {
    redactStripeEvents: onBulkLane(({ stripeEventRedaction }, { userIds }) =>
      stripeEventRedaction.redact(userIds),
    ),
    publishToProducts: toProducts((events, ...said) => events.usersErased(...said)),
    deletePublishedAccess: onWebhooksLane(({ accessPublisher }, { userIds }) =>
      accessPublisher.deleteErased(userIds),
    ),
  },
  'auth.email_changed': {
    emailOldAddress: onEmailLane(({ accountEmails }, event) => accountEmails.sendEmailChanged(event)),
    publishToProducts: toProducts((events, ...said) => events.emailChanged(...said)),
  },
  'auth.new_device_signed_in': {
    emailUser: onEmailLane(({ accountEmails }, event) => accountEmails.sendNewDeviceSignedIn(event)),
  },
  'auth.accounts_merged': {
    emailBothAddresses: onEmailLane(({ accountEmails }, event) => accountEmails.sendAccountsMerged(event)),
    publishToProducts: toProducts((events, ...said) => events.accountsMerged(...said)),
  },
  'auth.second_factor_added': {
    emailUser: onEmailLane(({ accountEmails }, event) => accountEmails.sendSecondFactorAdded(event)),
  },
  'auth.second_factor_removed': {
    emailUser: onEmailLane(({ accountEmails }, event) => accountEmails.sendSecondFactorRemoved(event)),
  },
  'auth.second_factor_guessed': {
    emailUser: onEmailLane(({ accountEmails }, event) => accountEmails.sendSecondFactorGuessed(event)),
  },
  'auth.staff_invited': {
    emailInvited: onEmailLane(({ accountEmails }, event) => accountEmails.sendStaffInvitation(event)),
  },
  'referral.linked': {
    emailReferrer: onEmailLane(({ referralEmails }, event) => referralEmails.sendFriendJoined(event)),
    publishToProducts: toProducts((events, ...said) => events.referralLinked(...said)),
  },
  'referral.converted': {
    emailReferrer: onEmailLane(({ referralEmails }, event) =>
      referralEmails.sendConverted(event, 'referrer'),
    ),
    emailReferred: onEmailLane(({ referralEmails }, event) =>
      referralEmails.sendConverted(event, 'referred'),
    ),
    publishToProducts: toProducts((events, ...said) => events.referralConverted(...said)),
  },
  'referral.held': {
    emailReferrer: onEmailLane(({ creditEmails }, event, publication) =>
      creditEmails.sendCreditReversed(event, 'referrer', publication),
    ),
    emailReferred: onEmailLane(({ creditEmails }, event, publication) =>
      creditEmails.sendCreditReversed(event, 'referred', publication),
    ),
    publishToProducts: toProducts((events, ...said) => events.referralStatusChanged(...said)),
  },
  'referral.reviewed': {
    emailReferrer: onEmailLane(({ referralEmails }, event) =>
      referralEmails.sendReviewDecision(event, 'referrer'),
    ),
    emailReferred: onEmailLane(({ referralEmails }, event) =>
      referralEmails.sendReviewDecision(event, 'referred'),
    ),
    publishToProducts: toProducts((events, ...said) => events.referralReviewed(...said)),
  },
  'referral.milestone': {
    emailReferrer: onEmailLane(({ referralEmails }, event) => referralEmails.sendMilestone(event)),
    publishToProducts: toProducts((events, ...said) => events.milestone(...said)),
  },
  'referral.credited': {
    emailReferrer: onEmailLane(({ referralEmails }, event) => referralEmails.sendCredited(event, 'referrer')),
    emailReferred: onEmailLane(({ referralEmails }, event) => referralEmails.sendCredited(event, 'referred')),
    publishToProducts: toProducts((events, ...said) => events.referralCredited(...said)),
  },
  'referral.reversed': {
    emailReferrer: onEmailLane(({ creditEmails }, event, publication) =>
      creditEmails.sendCreditReversed(event, 'referrer', publication),
    ),
    emailReferred: onEmailLane(({ creditEmails }, event, publication) =>
      creditEmails.sendCreditReversed(event, 'referred', publication),
    ),
    publishToProducts: toProducts((events, ...said) => events.referralStatusChanged(...said)),
  },
  'referral.restored': {
    emailReferrer: onEmailLane(({ creditEmails }, event) =>
      creditEmails.sendCreditRestored(event, 'referrer'),
    ),
    emailReferred: onEmailLane(({ creditEmails }, event) =>
      creditEmails.sendCreditRestored(event, 'referred'),
    ),
    publishToProducts: toProducts((events, ...said) => events.referralStatusChanged(...said)),
  },
  'credit.granted': {
    emailOwner: onEmailLane(({ creditEmails }, event) => creditEmails.sendCreditGranted(event)),
    publishToProducts: toProducts((events, ...said) => events.creditGranted(...said)),
  },
  'credit.added': {
    deferCharge: onStripeLane(({ deferralService }, { entryId, userId }) =>
      deferralService.deferNextCharge(entryId, userId),
    ),
  },
  'credit.revoked': {
    publishToProducts: toProducts((events, ...said) => events.creditRevoked(...said)),
  },
  'credit.taken': {
    restoreCharge: onStripeLane(({ deferralService }, { entryIds }) =>
      deferralService.revertDeferrals(entryIds),
    ),
  },
  'billing.event_parked': {
    syncFromStripe: onStripeLane(({ parkedEvents }, { eventId }) => parkedEvents.retryWithStripe(eventId)),
  },
  'billing.event_unparked': {
    retryEvent: onPaymentsLane(({ parkedEvents }, { eventId }) => parkedEvents.retry(eventId)),
  },
  'billing.payment_conflict': {
    syncFromStripe: onStripeLane(({ payments }, { paymentId }) => payments.sync(paymentId)),
  },
  'billing.payment_failed': {
    emailPayer: onEmailLane(({ creditEmails }, event) => creditEmails.sendPaymentFailed(event)),
  },
  'webhooks.endpoint_disabled': {
    emailAdmins: onEmailLane(({ webhookEmails }, event) => webhookEmails.sendEndpointDisabled(event)),
  },
  'billing.subscription_conflict': {
    syncFromStripe: onStripeLane(async ({ subscriptions }, { subscriptionId }) => {
      await subscriptions.sync(subscriptionId);
    }),
  },
};

/** What runs on a schedule (cron, UTC). */
const scheduledTasks = (services: HandlerServices): EventHandlers['tasks'] => ({
  'retry-parked-events': { cron: '* * * * *', run: () => services.parkedEvents.retryDue(100) },
  'release-held-rewards': { cron: '* * * * *', run: () => services.rewardRelease.releaseDue() },
  'apply-review-decisions': { cron: '* * * * *', run: () => services.scheduledReviews.applyDue() },
  'check-card-fingerprints': { cron: '* * * * *', run: () => services.cardCheck.run() },
  'send-credit-expiry-emails': { cron: '11 * * * *', run: () => services.creditExpiry.run() },
  'reconcile-events': {
    cron: '41 * * * *',
    run: () => services.reconciliationService.runScheduledEvents(),
  },
  'reconcile-objects': {
    cron: '23 3 * * *',
    run: () => services.reconciliationService.runScheduledObjects(),
  },
  'purge-expired': { cron: '17 * * * *', run: () => services.authRetention.purge() },
  'create-month-partitions': { cron: '37 * * * *', run: () => services.monthPartitions.create() },
  'purge-event-payloads': { cron: '47 * * * *', run: () => services.eventPayloadRetention.purge() },
  'purge-emails': { cron: '53 1 * * *', run: () => services.emailRetention.purge() },
  'purge-link-clicks': { cron: '57 * * * *', run: () => services.linkClicks.prune() },
  'purge-fraud-signals': { cron: '7 2 * * *', run: () => services.fraudSignalRetention.prune() },
  'purge-webhook-events': { cron: '27 * * * *', run: () => services.webhookRetention.purge() },
  'check-installation': { cron: '19 * * * *', run: () => services.installationChecks.run() },
  'refresh-statistics': { cron: '3 * * * *', run: () => services.totalsStore.refreshIfLarge('statistics') },
  'refresh-liability': { cron: '*/10 * * * *', run: () => services.totalsStore.refreshIfLarge('liability') },
  'store-missing-totals': { cron: '* * * * *', run: () => services.totalsStore.refreshMissing() },
  'verify-ledger': { cron: '37 2 * * *', run: () => services.integrityChecks.runAndRecord() },
});

/** The table above, for writers of events. */
export const eventRouting: EventRouting = {
  handlersFor: (eventName) =>
    Object.entries(handlersOf(eventName)).map(([handler, { lane }]) => ({ handler, lane })),
};

/** The table above, for the worker. */
export function createEventHandlers(services: HandlerServices): EventHandlers {
  return {
    tasks: scheduledTasks(services),
    circuits: { stripe: services.stripeCircuit },
    background: [services.accessPublisher, services.deliveryWorker],
    run: async (handler: string, event: DomainEvent, publication: Publication) => {
      const known = handlersOf(event.name)[handler];
      if (known === undefined)
        throw new Error(`No handler ${handler} for ${event.name}: was the job written by a newer version?`);
      await known.run(services, event, publication);
    },
  };
}

function handlersOf(eventName: string): HandlersOf<DomainEvent> {
  return eventName in eventHandlers
    ? (eventHandlers[eventName as keyof EventMap] as HandlersOf<DomainEvent>)
    : {};
}
