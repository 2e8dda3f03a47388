import { Injectable } from '@nestjs/common';
import {
  AccountLetters,
  ReferralLetters,
  MoneyLetters,
  Retention,
  type AccountsMerged,
  type ChallengeIssued,
  type DeviceMet,
  type EmailChanged,
  type UsersErased,
} from './auth/index.js';
import {
  Deferrals,
  HeldRewards,
  InboxRedaction,
  InboxRetention,
  ParkedEventRetries,
  PaymentSync,
  Reconcile,
  StripeCircuit,
  SubscriptionSync,
  type EventParked,
  type EventUnparked,
  type PaymentFailed,
  type PaymentInDoubt,
  type SubscriptionInDoubt,
} from './billing/index.js';
import type { CreditAdded, CreditGranted, CreditTaken } from './credit/index.js';
import { LetterRetention } from './mail/index.js';
import { CreditEnds } from './settings/index.js';
import type { Lane } from './platform/lanes.js';
import type { DomainEvent, Routes } from './platform/outbox.js';
import type { Reactions } from './platform/reactor.js';
import { FraudSweep, SignalRetention, Visits } from './referral/index.js';
import { Verification } from './verify/verification.js';
import type {
  ReferralConverted,
  ReferralCredited,
  ReferralLinked,
  ReferralMilestone,
  ReferralReviewed,
  ReferralTurned,
} from './referral/index.js';

/** Every domain event there is. What must be true together with it is a call inside its transaction, not listed here. */
interface Facts {
  'auth.challenge_issued': ChallengeIssued;
  'auth.users_erased': UsersErased;
  'auth.email_changed': EmailChanged;
  'auth.device_met': DeviceMet;
  'auth.accounts_merged': AccountsMerged;
  'referral.linked': ReferralLinked;
  'referral.converted': ReferralConverted;
  'referral.credited': ReferralCredited;
  'referral.held': ReferralTurned;
  'referral.milestone': ReferralMilestone;
  'referral.reviewed': ReferralReviewed;
  'referral.reversed': ReferralTurned;
  'referral.restored': ReferralTurned;
  'credit.granted': CreditGranted;
  'credit.added': CreditAdded;
  'credit.taken': CreditTaken;
  'billing.event_parked': EventParked;
  'billing.event_unparked': EventUnparked;
  'billing.subscription_in_doubt': SubscriptionInDoubt;
  'billing.payment_in_doubt': PaymentInDoubt;
  'billing.payment_failed': PaymentFailed;
}

/** The services that reactions call. */
@Injectable()
export class FlowServices {
  // eslint-disable-next-line max-params -- a list of whom the reactions call, not of who works together
  constructor(
    readonly letters: AccountLetters,
    readonly moneyLetters: MoneyLetters,
    readonly referralLetters: ReferralLetters,
    readonly creditEnds: CreditEnds,
    readonly retention: Retention,
    readonly parkedEvents: ParkedEventRetries,
    readonly payments: PaymentSync,
    readonly subscriptions: SubscriptionSync,
    readonly deferrals: Deferrals,
    readonly heldRewards: HeldRewards,
    readonly redaction: InboxRedaction,
    readonly fraud: FraudSweep,
    readonly reconcile: Reconcile,
    readonly inboxRetention: InboxRetention,
    readonly letterRetention: LetterRetention,
    readonly visits: Visits,
    readonly signalRetention: SignalRetention,
    readonly verification: Verification,
    readonly stripeCircuit: StripeCircuit,
  ) {}
}

type Run<Event> = (services: FlowServices, event: Event) => Promise<unknown>;
/** A reaction, and the lane that it runs in (src/platform/lanes.ts). */
interface Reaction<Event> {
  lane: Lane;
  run: Run<Event>;
}
type ReactionsTo<Event> = Record<string, Reaction<Event>>;

const signIn = <Event>(run: Run<Event>): Reaction<Event> => ({ lane: 'sign-in', run });
const payments = <Event>(run: Run<Event>): Reaction<Event> => ({ lane: 'payments', run });
const email = <Event>(run: Run<Event>): Reaction<Event> => ({ lane: 'email', run });
const stripe = <Event>(run: Run<Event>): Reaction<Event> => ({ lane: 'stripe', run });
const bulk = <Event>(run: Run<Event>): Reaction<Event> => ({ lane: 'bulk', run });

/** Who reacts to what, after the commit, and in which lane. Each is a job of its own, tried again until it succeeds. */
const flow: { readonly [Name in keyof Facts]: ReactionsTo<Facts[Name]> } = {
  'auth.challenge_issued': {
    mailSignInCode: signIn(({ letters }, event) => letters.mailSignInCode(event)),
  },
  'auth.users_erased': {
    redactWhatStripeTold: bulk(({ redaction }, { userIds }) => redaction.redact(userIds)),
  },
  'auth.email_changed': {
    mailOldAddress: email(({ letters }, event) => letters.mailAddressChanged(event)),
  },
  'auth.device_met': {
    mailUser: email(({ letters }, event) => letters.mailNewDevice(event)),
  },
  'auth.accounts_merged': {
    mailBothAddresses: email(({ letters }, event) => letters.mailMerged(event)),
  },
  'referral.linked': {
    mailReferrer: email(({ referralLetters }, event) => referralLetters.mailJoined(event)),
  },
  'referral.converted': {
    mailReferrer: email(({ referralLetters }, event) => referralLetters.mailConverted(event, 'referrer')),
    mailReferred: email(({ referralLetters }, event) => referralLetters.mailConverted(event, 'referred')),
  },
  'referral.held': {
    mailReferrer: email(({ moneyLetters }, event) => moneyLetters.mailTaken(event, 'referrer')),
    mailReferred: email(({ moneyLetters }, event) => moneyLetters.mailTaken(event, 'referred')),
  },
  'referral.reviewed': {
    mailReferrer: email(({ referralLetters }, event) => referralLetters.mailReviewed(event, 'referrer')),
    mailReferred: email(({ referralLetters }, event) => referralLetters.mailReviewed(event, 'referred')),
  },
  'referral.milestone': {
    mailReferrer: email(({ referralLetters }, event) => referralLetters.mailMilestone(event)),
  },
  'referral.credited': {
    mailReferrer: email(({ referralLetters }, event) => referralLetters.mailArrived(event, 'referrer')),
    mailReferred: email(({ referralLetters }, event) => referralLetters.mailArrived(event, 'referred')),
  },
  'referral.reversed': {
    mailReferrer: email(({ moneyLetters }, event) => moneyLetters.mailTaken(event, 'referrer')),
    mailReferred: email(({ moneyLetters }, event) => moneyLetters.mailTaken(event, 'referred')),
  },
  'referral.restored': {
    mailReferrer: email(({ moneyLetters }, event) => moneyLetters.mailReturned(event, 'referrer')),
    mailReferred: email(({ moneyLetters }, event) => moneyLetters.mailReturned(event, 'referred')),
  },
  'credit.granted': {
    mailOwner: email(({ moneyLetters }, event) => moneyLetters.mailGranted(event)),
  },
  'credit.added': {
    putOffCharge: stripe(({ deferrals }, { entryId, userId }) => deferrals.putOff(entryId, userId)),
  },
  'credit.taken': {
    bringChargeBack: stripe(({ deferrals }, { entryIds }) => deferrals.bringBack(entryIds)),
  },
  'billing.event_parked': {
    askStripe: stripe(({ parkedEvents }, { eventId }) => parkedEvents.ask(eventId)),
  },
  'billing.event_unparked': {
    tryEventAgain: payments(({ parkedEvents }, { eventId }) => parkedEvents.retry(eventId)),
  },
  'billing.payment_in_doubt': {
    askStripe: stripe(({ payments }, { paymentId }) => payments.sync(paymentId)),
  },
  'billing.payment_failed': {
    mailPayer: email(({ moneyLetters }, event) => moneyLetters.mailPaymentFailed(event)),
  },
  'billing.subscription_in_doubt': {
    askStripe: stripe(async ({ subscriptions }, { subscriptionId }) => {
      await subscriptions.sync(subscriptionId);
    }),
  },
};

/** What comes round by the clock (cron, UTC). */
const tasks = (services: FlowServices): Reactions['tasks'] => ({
  'look-again-at-waiting-events': { cron: '* * * * *', run: () => services.parkedEvents.retryDue(100) },
  'release-held-rewards': { cron: '* * * * *', run: () => services.heldRewards.release() },
  'look-at-cards': { cron: '* * * * *', run: () => services.fraud.run() },
  'tell-whose-credit-ends': { cron: '11 * * * *', run: () => services.creditEnds.tell() },
  'compare-with-stripe-by-events': { cron: '41 * * * *', run: () => services.reconcile.eventsByTheClock() },
  'compare-with-stripe-by-objects': { cron: '23 3 * * *', run: () => services.reconcile.objectsByTheClock() },
  'forget-what-has-run-out': { cron: '17 * * * *', run: () => services.retention.prune() },
  'forget-what-stripe-said': { cron: '47 1 * * *', run: () => services.inboxRetention.prune() },
  'forget-old-letters': { cron: '53 1 * * *', run: () => services.letterRetention.prune() },
  'forget-old-visits': { cron: '57 1 * * *', run: () => services.visits.prune() },
  'forget-old-signals': { cron: '7 2 * * *', run: () => services.signalRetention.prune() },
  'verify-the-books': { cron: '37 2 * * *', run: () => services.verification.lookAndKeep() },
});

/** The table above, for whoever writes events. */
export const routes: Routes = {
  reactionsTo: (eventName) =>
    Object.entries(reactionsTo(eventName)).map(([reaction, { lane }]) => ({ reaction, lane })),
};

/** The table above, for whoever runs the reactions. */
export function flowReactions(services: FlowServices): Reactions {
  return {
    tasks: tasks(services),
    circuits: { stripe: services.stripeCircuit },
    run: async (reaction: string, event: DomainEvent) => {
      const known = reactionsTo(event.name)[reaction];
      if (known === undefined)
        throw new Error(
          `Nothing in the flow reacts to ${event.name} as ${reaction}: was it written by a newer version?`,
        );
      await known.run(services, event);
    },
  };
}

function reactionsTo(eventName: string): ReactionsTo<DomainEvent> {
  return eventName in flow ? (flow[eventName as keyof Facts] as ReactionsTo<DomainEvent>) : {};
}
