// Made from openapi.json by `npm run openapi`. Do not edit.

export interface paths {
  '/api/v1/access': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The access of up to 100 people
     * @description For API keys with the scope `access:read`.
     */
    get: operations['listPeopleAccess'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/disputes/{provider}/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Reports a dispute
     * @description Reports a dispute. Idempotent: the same body changes nothing, and any order ends the same.
     *
     *     For API keys with the scope `payments:write`.
     */
    put: operations['putDispute'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What happened, oldest first and without gaps
     * @description What happened, oldest first and without gaps. Send `lastId` as `after` to go on.
     *
     *     For API keys with the scope `events:read`.
     */
    get: operations['listEvents'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/payments/{provider}/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Reports a payment
     * @description Reports a payment. Idempotent: the same body changes nothing.
     *
     *     For API keys with the scope `payments:write`.
     */
    put: operations['putPayment'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/people/batch': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Saves up to 1,000 people, each in a transaction of its own
     * @description Saves up to 1,000 people, each in a transaction of its own. Idempotent. One that fails stops no other.
     *
     *     For API keys with the scope `people:write`.
     */
    post: operations['putPeople'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/people/{externalId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A person
     * @description For API keys with the scope `people:read`.
     */
    get: operations['getPerson'];
    /**
     * Saves a person, with their customers and who invited them
     * @description Saves a person, with their customers and who invited them. Idempotent: the same body changes nothing. Sends no sign-in email.
     *
     *     For API keys with the scope `people:write`.
     */
    put: operations['putPerson'];
    post?: never;
    /**
     * Erases a person, as they could themselves
     * @description Erases a person, as they could themselves: payments and the credit of others stay.
     *
     *     For API keys with the scope `people:write`.
     */
    delete: operations['erasePerson'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/people/{externalId}/access': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The access of one person
     * @description The access of one person; 304 while it is what `If-None-Match` names.
     *
     *     For API keys with the scope `access:read`.
     */
    get: operations['getPersonAccess'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/people/{externalId}/credit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A person's credit
     * @description A person's credit: when it ends, and every entry of its ledger.
     *
     *     For API keys with the scope `people:read`.
     */
    get: operations['getPersonCredit'];
    put?: never;
    /**
     * Gives a person days of access, once for each `Idempotency-Key`
     * @description For API keys with the scope `credit:write`.
     */
    post: operations['giveCredit'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/people/{externalId}/invites': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The people whom a person referred, newest first
     * @description For API keys with the scope `people:read`.
     */
    get: operations['listPersonInvites'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/people/{externalId}/referral': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A person's code and link, and what they have earned
     * @description For API keys with the scope `people:read`.
     */
    get: operations['getPersonReferral'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/people/{externalId}/tokens': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Makes a token for the page of one person
     * @description Makes a token for the page of one person. It reads and changes their own referral (overview, invites, credit, code) for 15 minutes, from the origins of the key, and ends with the key.
     *
     *     For API keys with the scope `people:write`.
     */
    post: operations['createPersonToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/refunds/{provider}/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Reports a refund
     * @description Reports a refund. Idempotent: the same body changes nothing, and any order ends the same.
     *
     *     For API keys with the scope `payments:write`.
     */
    put: operations['putRefund'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/subscriptions/{provider}/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Reports a subscription
     * @description Reports a subscription. Idempotent: what is older than what is known changes nothing.
     *
     *     For API keys with the scope `payments:write`.
     */
    put: operations['putSubscription'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/webhook-endpoints': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * All endpoints, oldest first
     * @description For API keys with the scope `webhooks:manage`.
     */
    get: operations['listWebhookEndpoints'];
    put?: never;
    /**
     * Adds an endpoint
     * @description Adds an endpoint. Its secret is shown this once, so no `Idempotency-Key` repeats the answer.
     *
     *     For API keys with the scope `webhooks:manage`.
     */
    post: operations['createWebhookEndpoint'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/webhook-endpoints/deliveries/{id}/redeliver': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Sends an event to its endpoint again, with the same `webhook-id`
     * @description For API keys with the scope `webhooks:manage`.
     */
    post: operations['redeliverWebhook'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/webhook-endpoints/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One endpoint
     * @description For API keys with the scope `webhooks:manage`.
     */
    get: operations['getWebhookEndpoint'];
    put?: never;
    post?: never;
    /**
     * Deletes an endpoint
     * @description Deletes an endpoint. Nothing more is sent to it.
     *
     *     For API keys with the scope `webhooks:manage`.
     */
    delete: operations['deleteWebhookEndpoint'];
    options?: never;
    head?: never;
    /**
     * Changes an endpoint, or disables and enables it
     * @description For API keys with the scope `webhooks:manage`.
     */
    patch: operations['changeWebhookEndpoint'];
    trace?: never;
  };
  '/api/v1/webhook-endpoints/{id}/deliveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What is sent to an endpoint, newest first
     * @description For API keys with the scope `webhooks:manage`.
     */
    get: operations['listWebhookDeliveries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/webhook-endpoints/{id}/rotate-secret': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Makes a new secret, shown this once
     * @description Makes a new secret, shown this once. Webhooks are signed with both for a day.
     *
     *     For API keys with the scope `webhooks:manage`.
     */
    post: operations['rotateWebhookSecret'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/webhook-endpoints/{id}/test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Sends `webhook.test` now, and answers what the receiver answered
     * @description For API keys with the scope `webhooks:manage`.
     */
    post: operations['testWebhookEndpoint'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    Batch: {
      items: components['schemas']['BatchOutcome'][];
    };
    BatchOutcome: {
      /** @enum {string} */
      invitation:
        | 'already_linked'
        | 'code_unknown'
        | 'linked'
        | 'none'
        | 'own_code'
        | 'paid_before'
        | 'paused'
        | 'too_late';
      /** @description As it was sent, where it was a text. */
      externalId: string | null;
      /** @enum {string} */
      result: 'created' | 'failed' | 'saved';
      /** @description Null unless it failed. */
      problem: components['schemas']['ItemProblem'] | null;
    };
    BatchPerson: {
      /** @example bert@example.com */
      email: string;
      /**
       * Format: date-time
       * @description When they signed up with you; only counts the first time.
       */
      createdAt?: string | Date;
      /**
       * Format: date-time
       * @description When they first paid you, if that is not reported as a payment: they convert no referral.
       */
      firstPaidAt?: string | Date;
      /** @example user-42 */
      externalId: string;
      /** @description Whether the person has proven the address to you. */
      emailVerified: boolean;
      /** @description Whose payments are theirs. */
      customers?: components['schemas']['Customer'][];
      invitedBy?: components['schemas']['InvitedBy'];
      /**
       * @description How invitations name me; null or empty: without a name.
       * @example Anna
       */
      displayName?: string | null;
      /**
       * @description A BCP 47 language tag.
       * @example de-AT
       */
      locale?: string;
      /**
       * @description A time zone of the IANA database.
       * @example Europe/Vienna
       */
      timeZone?: string;
    };
    ChangeAnswer: {
      /** @enum {string} */
      outcome: 'already' | 'applied' | 'outdated' | 'parked';
      /** @description The same in a sentence. */
      detail: string;
    };
    ChangeEndpoint: {
      /** @description Which types of event to send; all where it is null or absent. */
      events?:
        | (
            | 'access.changed'
            | 'credit.granted'
            | 'credit.taken'
            | 'person.created'
            | 'person.erased'
            | 'person.merged'
            | 'person.updated'
            | 'referral.converted'
            | 'referral.credited'
            | 'referral.held'
            | 'referral.linked'
            | 'referral.rejected'
            | 'referral.restored'
            | 'referral.reversed'
          )[]
        | null;
      /** @description What it is for. */
      description?: string | null;
      /**
       * @description An https URL without a user name or password. Its host needs a public address.
       * @example https://app.example/twofold/events
       */
      url?: string;
      /** @description False stops all deliveries. True sends again, also what has waited meanwhile. */
      enabled?: boolean;
    };
    ChannelLink: {
      /** @enum {string} */
      channel: 'copy' | 'email' | 'linkedin' | 'qr' | 'share' | 'telegram' | 'whatsapp' | 'x';
      /** @example https://twofold.example/r/ANNA2345?c=whatsapp */
      link: string;
    };
    CreateEndpoint: {
      /** @description Which types of event to send; all where it is null or absent. */
      events?:
        | (
            | 'access.changed'
            | 'credit.granted'
            | 'credit.taken'
            | 'person.created'
            | 'person.erased'
            | 'person.merged'
            | 'person.updated'
            | 'referral.converted'
            | 'referral.credited'
            | 'referral.held'
            | 'referral.linked'
            | 'referral.rejected'
            | 'referral.restored'
            | 'referral.reversed'
          )[]
        | null;
      /** @description What it is for. */
      description?: string | null;
      /**
       * @description An https URL without a user name or password. Its host needs a public address.
       * @example https://app.example/twofold/events
       */
      url: string;
    };
    CreditEntry: {
      /** Format: uuid */
      id: string;
      /** @description Counts the entries of an account. */
      seq: number;
      /** Format: uuid */
      referralId: string | null;
      /**
       * Format: uuid
       * @description The entry that this one takes back or restores.
       */
      reversesEntryId: string | null;
      /** @enum {string} */
      kind:
        | 'admin_grant'
        | 'admin_revoke'
        | 'deferral'
        | 'milestone'
        | 'referral_referred'
        | 'referral_referrer'
        | 'refund_as_credit'
        | 'restoration'
        | 'reversal'
        | 'shift'
        | 'transfer';
      /** @description Signed, with decimals: negative where days were taken away. */
      days: number;
      /**
       * Format: date-time
       * @description When we processed it.
       */
      effectiveAt: string;
      /**
       * Format: date-time
       * @description The time that its days cover now; null where an entry has none.
       */
      windowFrom: string | null;
      /** Format: date-time */
      windowUntil: string | null;
      /** @description What staff said of it. */
      reason: string | null;
    };
    CreditStatement: {
      /** @description Whole days to `until`, rounded up. */
      daysLeft: number;
      /**
       * @description The access gained over having no credit, to the nearest day: what reaches beyond the paid
       *     period where days run by the calendar, and all that is left where they wait for its end.
       */
      usefulDays: number;
      /** Format: date-time */
      until: string | null;
      /** @description The newest first. */
      entries: components['schemas']['CreditEntry'][];
    };
    Customer: {
      /**
       * @description The processor: stripe, or as in the path of its payments.
       * @example stripe
       */
      provider: string;
      /** @example cus_Qx2 */
      id: string;
    };
    Delivery: {
      attempts: number;
      id: string;
      /**
       * @description The `webhook-id`.
       * @example evt_9f86d081884c7d659a2feaa0c55ad015
       */
      eventId: string;
      /** @example referral.credited */
      type: string;
      /** @enum {string} */
      status: 'dead' | 'delivered' | 'failed' | 'pending';
      /** Format: date-time */
      createdAt: string;
      /**
       * Format: date-time
       * @description Null once it was delivered, or is not tried again.
       */
      nextAttemptAt: string | null;
      /** Format: date-time */
      lastAttemptAt: string | null;
      /** @description The HTTP status of the last attempt; null where there was no answer. */
      lastStatus: number | null;
      /** @description Why there was no answer, such as `TIMEOUT` or `ECONNREFUSED`. */
      lastError: string | null;
      /** Format: date-time */
      deliveredAt: string | null;
    };
    DeliveryPage: {
      items: components['schemas']['Delivery'][];
      /** @description Where the next page starts, to send as `cursor`; null on the last. */
      nextCursor: string | null;
    };
    Endpoint: {
      /** @description Null: all. */
      events:
        | (
            | 'access.changed'
            | 'credit.granted'
            | 'credit.taken'
            | 'person.created'
            | 'person.erased'
            | 'person.merged'
            | 'person.updated'
            | 'referral.converted'
            | 'referral.credited'
            | 'referral.held'
            | 'referral.linked'
            | 'referral.rejected'
            | 'referral.restored'
            | 'referral.reversed'
          )[]
        | null;
      id: string;
      /** @example https://app.example/twofold/events */
      url: string;
      description: string | null;
      enabled: boolean;
      /**
       * @description `gone`: it answered 410. `failing`: it failed for three days. Null while it is enabled.
       * @enum {string|null}
       */
      disabledReason: 'failing' | 'gone' | 'manual' | null;
      /** Format: date-time */
      disabledAt: string | null;
      /**
       * Format: date-time
       * @description The first failure after the last success.
       */
      failingSince: string | null;
      /**
       * Format: date-time
       * @description Until when webhooks are signed with the secret before, too.
       */
      previousSecretUntil: string | null;
      /** Format: date-time */
      createdAt: string;
    };
    EndpointPage: {
      items: components['schemas']['Endpoint'][];
      /** @description Where the next page starts, to send as `cursor`; null on the last. */
      nextCursor: string | null;
    };
    EndpointWithSecret: {
      /** @description Null: all. */
      events:
        | (
            | 'access.changed'
            | 'credit.granted'
            | 'credit.taken'
            | 'person.created'
            | 'person.erased'
            | 'person.merged'
            | 'person.updated'
            | 'referral.converted'
            | 'referral.credited'
            | 'referral.held'
            | 'referral.linked'
            | 'referral.rejected'
            | 'referral.restored'
            | 'referral.reversed'
          )[]
        | null;
      /** @example whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD */
      secret: string;
      id: string;
      /** @example https://app.example/twofold/events */
      url: string;
      description: string | null;
      enabled: boolean;
      /**
       * @description `gone`: it answered 410. `failing`: it failed for three days. Null while it is enabled.
       * @enum {string|null}
       */
      disabledReason: 'failing' | 'gone' | 'manual' | null;
      /** Format: date-time */
      disabledAt: string | null;
      /**
       * Format: date-time
       * @description The first failure after the last success.
       */
      failingSince: string | null;
      /**
       * Format: date-time
       * @description Until when webhooks are signed with the secret before, too.
       */
      previousSecretUntil: string | null;
      /** Format: date-time */
      createdAt: string;
    };
    Event: {
      /** @enum {string} */
      type:
        | 'access.changed'
        | 'credit.granted'
        | 'credit.taken'
        | 'person.created'
        | 'person.erased'
        | 'person.merged'
        | 'person.updated'
        | 'referral.converted'
        | 'referral.credited'
        | 'referral.held'
        | 'referral.linked'
        | 'referral.rejected'
        | 'referral.restored'
        | 'referral.reversed';
      /** @description What it is about: docs/outgoing-webhooks.md lists the fields of each type. */
      data: {
        [key: string]: unknown;
      };
      /**
       * @description The `webhook-id` of the webhooks about it.
       * @example evt_9f86d081884c7d659a2feaa0c55ad015
       */
      id: string;
      /** Format: date-time */
      timestamp: string;
    };
    EventFeed: {
      items: components['schemas']['Event'][];
      /** @description Whether more are there already. */
      hasMore: boolean;
      /**
       * @description Send it as `after` next time: the id up to which the feed was read, also over events of other
       *     types. Null while the feed is empty.
       */
      lastId: string | null;
    };
    GiveCredit: {
      /** @description Whole days of access, 1 to 3,650. */
      days: number;
      /** @description Why; the person sees it. */
      reason: string;
    };
    InvitationNotice: {
      /** Format: uuid */
      referralId: string;
      /** @description Who invited; null once their account is erased. */
      invitedBy: components['schemas']['InviterName'] | null;
      /** Format: date-time */
      invitedAt: string;
      /** @description What I am promised for my first payment, or what became of that. */
      reward: components['schemas']['RewardNotice'];
    };
    Invite: {
      /** Format: uuid */
      id: string;
      /**
       * @description The name that the invited person chose, else their masked address.
       * @example b…b@example.com
       */
      label: string;
      /** @enum {string} */
      status: 'converted' | 'held' | 'pending' | 'rejected' | 'reversed';
      /**
       * @description Null before the first payment; a `suspended` one counts as reversed for as long as the dispute
       *     is open.
       * @enum {string|null}
       */
      rewardState: 'granted' | 'held' | 'reversed' | 'suspended' | null;
      /** Format: date-time */
      invitedAt: string;
      /** Format: date-time */
      convertedAt: string | null;
      /** Format: date-time */
      creditedAt: string | null;
      /** @description What it earned the referrer so far, with decimals. */
      daysEarned: number;
      /** @description Why the reward is not granted. */
      reasons: (
        | 'budget_exhausted'
        | 'dispute_lost'
        | 'dispute_open'
        | 'fraud'
        | 'manual'
        | 'paid_before_invited'
        | 'refunded'
        | 'rejected'
      )[];
      /** @description What the reward waits for. */
      holds: ('refund_window' | 'review')[];
      /**
       * Format: date-time
       * @description When the refund window closes; null under terms without one, and before the first payment.
       */
      arrivesAt: string | null;
      /** @description What I am promised of it, or what became of that. */
      reward: components['schemas']['RewardNotice'];
      /** @description Why I get no days, or not yet, in words. */
      why: string | null;
      /** @description What happens next, in words. */
      nextStep: string;
    };
    InviteCounts: {
      invited: number;
      pending: number;
      held: number;
      converted: number;
      reversed: number;
      rejected: number;
    };
    InvitePage: {
      items: components['schemas']['Invite'][];
      /** @description Where the next page starts, to send as `cursor`; null on the last. */
      nextCursor: string | null;
    };
    InvitedBy: {
      /**
       * Format: date-time
       * @description When they followed the link; without it, when they signed up.
       */
      at?: string | Date;
      /** @example ANNA2345 */
      code: string;
    };
    InviterName: {
      /**
       * @description The name they chose, else “A friend” in the language of the request.
       * @example Anna
       */
      label: string;
    };
    ItemProblem: {
      /** @example person.email_taken */
      code: string;
      title: string;
      detail: string;
    };
    PaymentAnswer: {
      /** @enum {string} */
      outcome: 'already' | 'converted' | 'first_payment' | 'ignored' | 'parked' | 'renewal';
      /** @description The same in a sentence. */
      detail: string;
    };
    PeopleAccess: {
      items: components['schemas']['PersonAccess'][];
      /** @description Those whom nothing is known of. */
      unknown: string[];
    };
    Person: {
      /** Format: uuid */
      id: string;
      /** @example user-42 */
      externalId: string;
      /** @example bert@example.com */
      email: string;
      displayName: string | null;
      locale: string;
      timeZone: string;
      /** Format: date-time */
      createdAt: string;
    };
    PersonAccess: {
      /** @description Rises with every change of access: drop an answer with a lower one than you have. */
      revision: number;
      /** @example user-42 */
      externalId: string;
      /** @enum {string} */
      tier: 'free' | 'paid';
      /** Format: date-time */
      creditUntil: string | null;
      active: boolean;
      /**
       * @description Where it comes from: `subscription` while paid.
       * @enum {string}
       */
      source: 'credit' | 'none' | 'subscription';
      /**
       * Format: date-time
       * @description The later of the paid period and the credit.
       */
      until: string | null;
    };
    PersonReferral: {
      /** @example ANNA2345 */
      code: string;
      /** @example https://app.example/?ref=ANNA2345 */
      link: string;
    };
    PersonToken: {
      /** @description Begins with `tfp_`. */
      token: string;
      /** Format: date-time */
      expiresAt: string;
    };
    PutDispute: {
      /** @description What is disputed, in the smallest unit of the payment’s currency. */
      amount: number;
      /**
       * Format: date-time
       * @description Since when it has this status.
       */
      at: string | Date;
      /** @description Of the same processor; fixed once it is reported. */
      paymentId: string;
      /** @enum {string} */
      status: 'lost' | 'open' | 'won';
    };
    PutPayment: {
      /**
       * Format: date-time
       * @description Not in the future.
       */
      paidAt: string | Date;
      /** @description What was paid, in the smallest unit of the currency; 0 is no payment. */
      amount: number;
      /**
       * @description Who paid: the id of the person in your product.
       * @example user-42
       */
      externalId: string;
      /**
       * @description ISO 4217, in lower or upper case.
       * @example EUR
       */
      currency: string;
      /** @description What was bought; the terms of the programme may name it. */
      priceId?: string;
      /** @description The time that was paid for: access until its end. */
      period?: components['schemas']['ReportedPeriod'];
      /** @description The subscription that it pays for. */
      subscriptionId?: string;
    };
    PutPeople: {
      items: components['schemas']['BatchPerson'][];
    };
    PutPerson: {
      /** @example bert@example.com */
      email: string;
      /**
       * Format: date-time
       * @description When they signed up with you; only counts the first time.
       */
      createdAt?: string | Date;
      /**
       * Format: date-time
       * @description When they first paid you, if that is not reported as a payment: they convert no referral.
       */
      firstPaidAt?: string | Date;
      /** @description Whether the person has proven the address to you. */
      emailVerified: boolean;
      /** @description Whose payments are theirs. */
      customers?: components['schemas']['Customer'][];
      invitedBy?: components['schemas']['InvitedBy'];
      /**
       * @description How invitations name me; null or empty: without a name.
       * @example Anna
       */
      displayName?: string | null;
      /**
       * @description A BCP 47 language tag.
       * @example de-AT
       */
      locale?: string;
      /**
       * @description A time zone of the IANA database.
       * @example Europe/Vienna
       */
      timeZone?: string;
    };
    PutRefund: {
      /** @description What goes back, in the smallest unit of the payment’s currency. */
      amount: number;
      /**
       * Format: date-time
       * @description Since when it has this status.
       */
      at: string | Date;
      /** @description Of the same processor; fixed once it is reported. */
      paymentId: string;
      /** @enum {string} */
      status: 'failed' | 'pending' | 'succeeded';
    };
    PutSubscription: {
      /**
       * @description In the words of Stripe; `canceled`: it has ended, for good.
       * @enum {string}
       */
      status:
        | 'active'
        | 'canceled'
        | 'incomplete'
        | 'incomplete_expired'
        | 'past_due'
        | 'paused'
        | 'trialing'
        | 'unpaid';
      /**
       * Format: date-time
       * @description When the present period ends; null where there is none.
       */
      currentPeriodEnd: string | Date | null;
      /**
       * Format: date-time
       * @description When it became so: what was reported of an earlier moment changes nothing.
       */
      updatedAt: string | Date;
      /**
       * @description Whose it is: the id of the person in your product.
       * @example user-42
       */
      externalId: string;
      /** @description The present period is the last one. */
      cancelAtPeriodEnd: boolean;
    };
    ReferralOverview: {
      /** @description The days for me. */
      creditDays: number;
      /** @description How many of them would be extra time for me if my friend paid now. */
      usefulCreditDays: number;
      /** @description The days for my friend. */
      friendCreditDays: number;
      /** @description How many of my credits are still inside the days that they were given for. */
      activeCredits: number;
      /** @description Whole days until my credit ends. */
      daysOnAccount: number;
      /** @example ANNA2345 */
      code: string;
      /** @example https://twofold.example/r/ANNA2345 */
      link: string;
      /** @description The link for each way to share it, by which clicks and sign-ups are counted. */
      channelLinks: components['schemas']['ChannelLink'][];
      /** @description What to write beside the link: an invitation, and what my friend is promised. */
      shareText: string;
      /** @description Why not all of them would be, in words; null where they are. */
      creditWorth: string | null;
      counts: components['schemas']['InviteCounts'];
      /** @description Whether the programme is paused: new invitations bring nothing for now. */
      paused: boolean;
      /** @description What an invitation brings, and when, in words. */
      reward: string;
      /** @description What my friend is promised, and which payment counts, in words; null without days. */
      friendReward: string | null;
      /** @description The invitation that I came with; null for a direct sign-up. */
      invitation: components['schemas']['InvitationNotice'] | null;
    };
    ReportedPeriod: {
      /** Format: date-time */
      start: string | Date;
      /**
       * Format: date-time
       * @description Behind the start.
       */
      end: string | Date;
    };
    RewardNotice: {
      /** @description The days that are still to come, else those that were credited and stayed. */
      days: number;
      /** @description What the terms give this side of a referral: 0 where they reward only the other. */
      promisedDays: number;
      /** @description How many days after the payment the terms credit them. */
      holdDays: number;
      /**
       * @description Whether days are promised with the first payment, wait for a date (`held`) or a review, were
       *     credited, are on hold, or were taken back; `none`: there are none.
       * @enum {string}
       */
      status: 'credited' | 'held' | 'in_review' | 'none' | 'promised' | 'suspended' | 'taken_back';
      /**
       * Format: date-time
       * @description When they arrive, where that is known.
       */
      arrivesAt: string | null;
      /** @description What is promised, or what happened. */
      text: string;
      /**
       * @description What the promised days are worth beside a subscription that is paid for; null unless they are
       *     promised to the invited person.
       */
      worth: string | null;
      /** @description The same by the period of the plans on offer, shortest first; empty where none is known. */
      usefulDays: components['schemas']['UsefulDays'][];
      /** @description Why it is not more. */
      why: string | null;
      /** @description What to do, or what may change. */
      next: string | null;
      /**
       * @description The ids of the prices that count, while the payment is still to come; empty: all that make a
       *     person paid.
       */
      qualifyingPrices: string[];
    };
    SavedPerson: {
      /**
       * @description What became of `invitedBy`.
       * @enum {string}
       */
      invitation:
        | 'already_linked'
        | 'code_unknown'
        | 'linked'
        | 'none'
        | 'own_code'
        | 'paid_before'
        | 'paused'
        | 'too_late';
      person: components['schemas']['Person'];
      referral: components['schemas']['PersonReferral'];
    };
    TestResult: {
      durationMs: number;
      /** @description Whether the status was 2xx. */
      accepted: boolean;
      /** @description Null where there was no answer. */
      status: number | null;
      /**
       * @description Why there was no answer, such as `TIMEOUT`, `ADDRESS_REFUSED` or `ECONNREFUSED`;
       *     `SECRET_UNREADABLE`: nothing was sent, since no SECRET_KEY opens the secret.
       */
      error: string | null;
      /** @description The first 1,024 bytes of the answer. */
      body: string;
    };
    UsefulDays: {
      intervalCount: number;
      /**
       * @description Days of access that I would not have otherwise, if I pay now and cancel before the first
       *     renewal.
       */
      days: number;
      /** @enum {string} */
      interval: 'day' | 'month' | 'week' | 'year';
      /** @description The `priceId`s of GET /billing/plans that are paid for this long, and count. */
      priceIds: string[];
    };
    /** @description A problem document (RFC 9457). `code` is stable; `detail` says in a sentence what to do. Some codes add fields of their own. */
    Problem: {
      /**
       * Format: uri
       * @description The page about this code.
       */
      type: string;
      /** @description What the code means, in a few words. */
      title: string;
      /** @description The HTTP status. */
      status: number;
      /**
       * @description The stable code of the problem.
       * @enum {string}
       */
      code:
        | 'accounts.merge_conflict'
        | 'accounts.not_undoable'
        | 'accounts.other_address'
        | 'auth.code_expired'
        | 'auth.code_wrong'
        | 'auth.email_taken'
        | 'auth.forbidden'
        | 'auth.foreign_origin'
        | 'auth.fresh_sign_in_needed'
        | 'auth.key_refused'
        | 'auth.key_without_origins'
        | 'auth.last_second_factor'
        | 'auth.passkey_taken'
        | 'auth.required'
        | 'auth.scope_missing'
        | 'auth.second_factor_missing'
        | 'auth.second_factor_required'
        | 'auth.second_factor_wrong'
        | 'auth.sso_expired'
        | 'auth.sso_keys_unreachable'
        | 'auth.sso_needs_code'
        | 'auth.sso_refused'
        | 'auth.sso_unreadable'
        | 'auth.staff_invitation_gone'
        | 'auth.staff_invitation_of_another'
        | 'auth.step_up'
        | 'auth.still_charged'
        | 'auth.token_limited'
        | 'auth.token_refused'
        | 'auth.too_many'
        | 'billing.already_subscribed'
        | 'billing.bad_signature'
        | 'billing.busy'
        | 'billing.no_customer'
        | 'billing.nothing_left'
        | 'billing.period_unknown'
        | 'billing.preview_changed'
        | 'billing.replay_failed'
        | 'billing.stripe_key_refused'
        | 'billing.stripe_refused'
        | 'billing.stripe_unreachable'
        | 'billing.unknown_price'
        | 'credit.not_revocable'
        | 'payment.conflict'
        | 'person.customer_taken'
        | 'person.email_taken'
        | 'person.email_unverified'
        | 'platform.internal'
        | 'platform.unavailable'
        | 'referral.already_linked'
        | 'referral.claim_after_payment'
        | 'referral.claim_too_late'
        | 'referral.code_refused'
        | 'referral.code_taken'
        | 'referral.code_unknown'
        | 'referral.codes_exhausted'
        | 'referral.decided'
        | 'referral.not_converted'
        | 'referral.own_code'
        | 'referral.programme_paused'
        | 'referral.rule_changed'
        | 'referral.undo_too_late'
        | 'referral.user_gone'
        | 'request.headers_too_large'
        | 'request.idempotency_conflict'
        | 'request.invalid'
        | 'request.media_type'
        | 'request.method'
        | 'request.not_found'
        | 'request.timeout'
        | 'request.too_large'
        | 'request.unreadable'
        | 'settings.backup_stale'
        | 'settings.no_backup'
        | 'stats.not_stored'
        | 'terms.published_meanwhile'
        | 'webhooks.endpoint_disabled'
        | 'webhooks.event_gone'
        | 'webhooks.too_many_endpoints'
        | 'webhooks.url_refused';
      /** @description What to do about it. */
      detail: string;
      /** @description What is wrong with which field, for `request.invalid`. */
      errors?: {
        path: string;
        message: string;
      }[];
      /** @description The `x-request-id` of the answer, for support and logs. */
      requestId: string;
      /** @description As the header `Retry-After`. */
      retryAfterSeconds?: number;
      /** @description With `auth.code_wrong`: tries left. */
      attemptsLeft?: number;
      /** @description With `settings.backup_stale`: the newest revision. */
      revision?: number;
      /** @description With `billing.already_subscribed`: where to change it, unless it is at another processor than Stripe. */
      portal?: string;
      /** @description With `terms.published_meanwhile`: the newest version. */
      newest?: number;
      /** @description With `billing.nothing_left`: the amount that is left. */
      left?: number;
      /** @description With `billing.preview_changed`: the days now. */
      days?: number;
      /** @description With `billing.preview_changed`: the amount now. */
      amount?: number;
      /** @description With `platform.unavailable` of `/health/ready`: what was checked. */
      checks?: {
        [key: string]: unknown;
      };
      /** @description With `accounts.merge_conflict`: the codes of what conflicts. */
      conflicts?: string[];
      /** @description With `accounts.not_undoable`: the code of what prevents it. */
      undoBlocker?: string;
      /** @description With `referral.decided`: the present decision. */
      decision?: string | null;
    };
  };
  responses: {
    /** @description Bad Request. `request.unreadable`: The request is malformed. */
    '400-request.unreadable': {
      headers: {
        'x-request-id': components['headers']['RequestId'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @constant */
          status?: 400;
          /** @enum {string} */
          code?: 'request.unreadable';
        };
      };
    };
    /** @description Unauthorized. `auth.key_refused`: This API key is not valid. `auth.required`: Sign in first. */
    '401-auth.key_refused-auth.required': {
      headers: {
        'x-request-id': components['headers']['RequestId'];
        'www-authenticate': components['headers']['WwwAuthenticate'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @constant */
          status?: 401;
          /** @enum {string} */
          code?: 'auth.key_refused' | 'auth.required';
        };
      };
    };
    /** @description Forbidden. `auth.scope_missing`: This API key lacks a scope. */
    '403-auth.scope_missing': {
      headers: {
        'x-request-id': components['headers']['RequestId'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @constant */
          status?: 403;
          /** @enum {string} */
          code?: 'auth.scope_missing';
        };
      };
    };
    /** @description Not Found. `referral.user_gone`: This account no longer exists. `request.not_found`: Not found. */
    '404-referral.user_gone-request.not_found': {
      headers: {
        'x-request-id': components['headers']['RequestId'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @constant */
          status?: 404;
          /** @enum {string} */
          code?: 'referral.user_gone' | 'request.not_found';
        };
      };
    };
    /** @description Not Found. `request.not_found`: Not found. */
    '404-request.not_found': {
      headers: {
        'x-request-id': components['headers']['RequestId'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @constant */
          status?: 404;
          /** @enum {string} */
          code?: 'request.not_found';
        };
      };
    };
    /** @description Conflict. `accounts.merge_conflict`: These accounts cannot be merged. `auth.still_charged`: This account has an active subscription. */
    '409-accounts.merge_conflict-auth.still_charged': {
      headers: {
        'x-request-id': components['headers']['RequestId'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @constant */
          status?: 409;
          /** @enum {string} */
          code?: 'accounts.merge_conflict' | 'auth.still_charged';
        };
      };
    };
    /** @description Conflict. `auth.key_without_origins`: This API key lists no origin. */
    '409-auth.key_without_origins': {
      headers: {
        'x-request-id': components['headers']['RequestId'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @constant */
          status?: 409;
          /** @enum {string} */
          code?: 'auth.key_without_origins';
        };
      };
    };
    /** @description Conflict. `payment.conflict`: This was reported with other facts. */
    '409-payment.conflict': {
      headers: {
        'x-request-id': components['headers']['RequestId'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @constant */
          status?: 409;
          /** @enum {string} */
          code?: 'payment.conflict';
        };
      };
    };
    /** @description Conflict. `person.customer_taken`: That customer belongs to another person. `person.email_taken`: That address belongs to another person. `person.email_unverified`: That address belongs to an account here. */
    '409-person.customer_taken-person.email_taken-person.email_unverified': {
      headers: {
        'x-request-id': components['headers']['RequestId'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @constant */
          status?: 409;
          /** @enum {string} */
          code?: 'person.customer_taken' | 'person.email_taken' | 'person.email_unverified';
        };
      };
    };
    /** @description Conflict. `request.idempotency_conflict`: This Idempotency-Key was used for another request. */
    '409-request.idempotency_conflict': {
      headers: {
        'x-request-id': components['headers']['RequestId'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @constant */
          status?: 409;
          /** @enum {string} */
          code?: 'request.idempotency_conflict';
        };
      };
    };
    /** @description Conflict. `request.idempotency_conflict`: This Idempotency-Key was used for another request. `webhooks.endpoint_disabled`: This webhook endpoint is disabled. */
    '409-request.idempotency_conflict-webhooks.endpoint_disabled': {
      headers: {
        'x-request-id': components['headers']['RequestId'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @constant */
          status?: 409;
          /** @enum {string} */
          code?: 'request.idempotency_conflict' | 'webhooks.endpoint_disabled';
        };
      };
    };
    /** @description Conflict. `webhooks.too_many_endpoints`: There are too many webhook endpoints. */
    '409-webhooks.too_many_endpoints': {
      headers: {
        'x-request-id': components['headers']['RequestId'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @constant */
          status?: 409;
          /** @enum {string} */
          code?: 'webhooks.too_many_endpoints';
        };
      };
    };
    /** @description Gone. `webhooks.event_gone`: That event is not stored. */
    '410-webhooks.event_gone': {
      headers: {
        'x-request-id': components['headers']['RequestId'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @constant */
          status?: 410;
          /** @enum {string} */
          code?: 'webhooks.event_gone';
        };
      };
    };
    /** @description Payload Too Large. `request.too_large`: The request is too large. */
    '413-request.too_large': {
      headers: {
        'x-request-id': components['headers']['RequestId'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @constant */
          status?: 413;
          /** @enum {string} */
          code?: 'request.too_large';
        };
      };
    };
    /** @description Unsupported Media Type. `request.media_type`: Unsupported content type. */
    '415-request.media_type': {
      headers: {
        'x-request-id': components['headers']['RequestId'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @constant */
          status?: 415;
          /** @enum {string} */
          code?: 'request.media_type';
        };
      };
    };
    /** @description Unprocessable Entity. `request.invalid`: Some fields are invalid. */
    '422-request.invalid': {
      headers: {
        'x-request-id': components['headers']['RequestId'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @constant */
          status?: 422;
          /** @enum {string} */
          code?: 'request.invalid';
        };
      };
    };
    /** @description Unprocessable Entity. `request.invalid`: Some fields are invalid. `webhooks.url_refused`: That URL is not allowed. */
    '422-request.invalid-webhooks.url_refused': {
      headers: {
        'x-request-id': components['headers']['RequestId'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @constant */
          status?: 422;
          /** @enum {string} */
          code?: 'request.invalid' | 'webhooks.url_refused';
        };
      };
    };
    /** @description Too Many Requests. `auth.too_many`: Too many attempts. */
    '429-auth.too_many': {
      headers: {
        'x-request-id': components['headers']['RequestId'];
        'retry-after': components['headers']['RetryAfter'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @constant */
          status?: 429;
          /** @enum {string} */
          code?: 'auth.too_many';
        };
      };
    };
    /** @description Something went wrong on our side, or Twofold is not available for a moment. */
    '5XX': {
      headers: {
        'x-request-id': components['headers']['RequestId'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
  };
  parameters: never;
  requestBodies: never;
  headers: {
    /** @description The id of the request, also in the logs. */
    RequestId: string;
    /** @description Seconds to wait. */
    RetryAfter: number;
    /** @description `Bearer`, with `error="invalid_token"` where a token was sent. */
    WwwAuthenticate: string;
    /** @description `true` when this is the first answer again. */
    IdempotentReplayed: 'true';
    /** @description How many requests (`q`) the key may make in how many seconds (`w`). */
    RateLimitPolicy: string;
    /** @description How many requests are left (`r`) for how many seconds (`t`). */
    RateLimit: string;
    /** @description The revision or version, to send as `If-Match`. */
    ETag: string;
  };
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  listPeopleAccess: {
    parameters: {
      query: {
        /** @description 1 to 100 of them: repeat the parameter. */
        externalId: string[];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The access of up to 100 people. */
      200: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "items": [
           *         {
           *           "revision": 1,
           *           "externalId": "user-42",
           *           "tier": "free",
           *           "creditUntil": "2026-11-01T12:00:00.000Z",
           *           "active": true,
           *           "source": "credit",
           *           "until": "2026-11-01T12:00:00.000Z"
           *         }
           *       ],
           *       "unknown": [
           *         "text"
           *       ]
           *     }
           */
          'application/json': components['schemas']['PeopleAccess'];
        };
      };
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      422: components['responses']['422-request.invalid'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  putDispute: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The processor, by a name that you choose: 2 to 32 of a-z, 0-9, - and _. Not stripe. */
        provider: string;
        /** @description The id at the processor: 1 to 255 printable characters. */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "amount": 1,
         *       "at": "2026-11-01T12:00:00.000Z",
         *       "paymentId": "text",
         *       "status": "lost"
         *     }
         */
        'application/json': components['schemas']['PutDispute'];
      };
    };
    responses: {
      /** @description Reports a dispute. */
      200: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "outcome": "already",
           *       "detail": "text"
           *     }
           */
          'application/json': components['schemas']['ChangeAnswer'];
        };
      };
      /** @description Its person or payment is not known yet: it is stored, and applied once it is. */
      202: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "outcome": "already",
           *       "detail": "text"
           *     }
           */
          'application/json': components['schemas']['ChangeAnswer'];
        };
      };
      400: components['responses']['400-request.unreadable'];
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      404: components['responses']['404-request.not_found'];
      409: components['responses']['409-payment.conflict'];
      413: components['responses']['413-request.too_large'];
      415: components['responses']['415-request.media_type'];
      422: components['responses']['422-request.invalid'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  listEvents: {
    parameters: {
      query?: {
        /** @description How many events, 1 to 100. */
        limit?: number;
        /** @description Only events of this type. */
        type?:
          | 'access.changed'
          | 'credit.granted'
          | 'credit.taken'
          | 'person.created'
          | 'person.erased'
          | 'person.merged'
          | 'person.updated'
          | 'referral.converted'
          | 'referral.credited'
          | 'referral.held'
          | 'referral.linked'
          | 'referral.rejected'
          | 'referral.restored'
          | 'referral.reversed';
        /** @description The id of the last event that you have; without it, the feed begins with the oldest. */
        after?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What happened, oldest first and without gaps. */
      200: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "items": [
           *         {
           *           "type": "access.changed",
           *           "data": {},
           *           "id": "evt_9f86d081884c7d659a2feaa0c55ad015",
           *           "timestamp": "2026-11-01T12:00:00.000Z"
           *         }
           *       ],
           *       "hasMore": true,
           *       "lastId": "text"
           *     }
           */
          'application/json': components['schemas']['EventFeed'];
        };
      };
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      410: components['responses']['410-webhooks.event_gone'];
      422: components['responses']['422-request.invalid'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  putPayment: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The processor, by a name that you choose: 2 to 32 of a-z, 0-9, - and _. Not stripe. */
        provider: string;
        /** @description The id at the processor: 1 to 255 printable characters. */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "paidAt": "2026-11-01T12:00:00.000Z",
         *       "amount": 1,
         *       "externalId": "user-42",
         *       "currency": "EUR",
         *       "priceId": "text",
         *       "period": {
         *         "start": "2026-11-01T12:00:00.000Z",
         *         "end": "2026-11-01T12:00:00.000Z"
         *       },
         *       "subscriptionId": "text"
         *     }
         */
        'application/json': components['schemas']['PutPayment'];
      };
    };
    responses: {
      /** @description Reports a payment. */
      200: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "outcome": "already",
           *       "detail": "text"
           *     }
           */
          'application/json': components['schemas']['PaymentAnswer'];
        };
      };
      /** @description Its person or payment is not known yet: it is stored, and applied once it is. */
      202: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "outcome": "already",
           *       "detail": "text"
           *     }
           */
          'application/json': components['schemas']['PaymentAnswer'];
        };
      };
      400: components['responses']['400-request.unreadable'];
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      404: components['responses']['404-request.not_found'];
      409: components['responses']['409-payment.conflict'];
      413: components['responses']['413-request.too_large'];
      415: components['responses']['415-request.media_type'];
      422: components['responses']['422-request.invalid'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  putPeople: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "items": [
         *         {
         *           "email": "bert@example.com",
         *           "createdAt": "2026-11-01T12:00:00.000Z",
         *           "firstPaidAt": "2026-11-01T12:00:00.000Z",
         *           "externalId": "user-42",
         *           "emailVerified": true,
         *           "customers": [
         *             {
         *               "provider": "stripe",
         *               "id": "cus_Qx2"
         *             }
         *           ],
         *           "invitedBy": {
         *             "at": "2026-11-01T12:00:00.000Z",
         *             "code": "ANNA2345"
         *           },
         *           "displayName": "Anna",
         *           "locale": "de-AT",
         *           "timeZone": "Europe/Vienna"
         *         }
         *       ]
         *     }
         */
        'application/json': components['schemas']['PutPeople'];
      };
    };
    responses: {
      /** @description Saves up to 1,000 people, each in a transaction of its own. */
      200: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "items": [
           *         {
           *           "invitation": "already_linked",
           *           "externalId": "text",
           *           "result": "created",
           *           "problem": {
           *             "code": "person.email_taken",
           *             "title": "text",
           *             "detail": "text"
           *           }
           *         }
           *       ]
           *     }
           */
          'application/json': components['schemas']['Batch'];
        };
      };
      400: components['responses']['400-request.unreadable'];
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      413: components['responses']['413-request.too_large'];
      415: components['responses']['415-request.media_type'];
      422: components['responses']['422-request.invalid'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  getPerson: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the person in your product: 1 to 200 visible ASCII characters. */
        externalId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A person. */
      200: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": "019a3c1e-7b2a-7c3d-8e4f-5a6b7c8d9e0f",
           *       "externalId": "user-42",
           *       "email": "bert@example.com",
           *       "displayName": "text",
           *       "locale": "text",
           *       "timeZone": "text",
           *       "createdAt": "2026-11-01T12:00:00.000Z"
           *     }
           */
          'application/json': components['schemas']['Person'];
        };
      };
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      404: components['responses']['404-request.not_found'];
      422: components['responses']['422-request.invalid'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  putPerson: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the person in your product: 1 to 200 visible ASCII characters. */
        externalId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "email": "bert@example.com",
         *       "createdAt": "2026-11-01T12:00:00.000Z",
         *       "firstPaidAt": "2026-11-01T12:00:00.000Z",
         *       "emailVerified": true,
         *       "customers": [
         *         {
         *           "provider": "stripe",
         *           "id": "cus_Qx2"
         *         }
         *       ],
         *       "invitedBy": {
         *         "at": "2026-11-01T12:00:00.000Z",
         *         "code": "ANNA2345"
         *       },
         *       "displayName": "Anna",
         *       "locale": "de-AT",
         *       "timeZone": "Europe/Vienna"
         *     }
         */
        'application/json': components['schemas']['PutPerson'];
      };
    };
    responses: {
      /** @description Saves a person, with their customers and who invited them. */
      200: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "invitation": "already_linked",
           *       "person": {
           *         "id": "019a3c1e-7b2a-7c3d-8e4f-5a6b7c8d9e0f",
           *         "externalId": "user-42",
           *         "email": "bert@example.com",
           *         "displayName": "text",
           *         "locale": "text",
           *         "timeZone": "text",
           *         "createdAt": "2026-11-01T12:00:00.000Z"
           *       },
           *       "referral": {
           *         "code": "ANNA2345",
           *         "link": "https://app.example/?ref=ANNA2345"
           *       }
           *     }
           */
          'application/json': components['schemas']['SavedPerson'];
        };
      };
      /** @description The person is new here. */
      201: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "invitation": "already_linked",
           *       "person": {
           *         "id": "019a3c1e-7b2a-7c3d-8e4f-5a6b7c8d9e0f",
           *         "externalId": "user-42",
           *         "email": "bert@example.com",
           *         "displayName": "text",
           *         "locale": "text",
           *         "timeZone": "text",
           *         "createdAt": "2026-11-01T12:00:00.000Z"
           *       },
           *       "referral": {
           *         "code": "ANNA2345",
           *         "link": "https://app.example/?ref=ANNA2345"
           *       }
           *     }
           */
          'application/json': components['schemas']['SavedPerson'];
        };
      };
      400: components['responses']['400-request.unreadable'];
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      404: components['responses']['404-request.not_found'];
      409: components['responses']['409-person.customer_taken-person.email_taken-person.email_unverified'];
      413: components['responses']['413-request.too_large'];
      415: components['responses']['415-request.media_type'];
      422: components['responses']['422-request.invalid'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  erasePerson: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the person in your product: 1 to 200 visible ASCII characters. */
        externalId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. The answer has no body. */
      204: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['400-request.unreadable'];
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      404: components['responses']['404-request.not_found'];
      409: components['responses']['409-accounts.merge_conflict-auth.still_charged'];
      413: components['responses']['413-request.too_large'];
      415: components['responses']['415-request.media_type'];
      422: components['responses']['422-request.invalid'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  getPersonAccess: {
    parameters: {
      query?: never;
      header?: {
        /** @description The ETag of the answer that you have. */
        'If-None-Match'?: string;
      };
      path: {
        /** @description The id of the person in your product: 1 to 200 visible ASCII characters. */
        externalId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The access of one person. */
      200: {
        headers: {
          etag: components['headers']['ETag'];
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "revision": 1,
           *       "externalId": "user-42",
           *       "tier": "free",
           *       "creditUntil": "2026-11-01T12:00:00.000Z",
           *       "active": true,
           *       "source": "credit",
           *       "until": "2026-11-01T12:00:00.000Z"
           *     }
           */
          'application/json': components['schemas']['PersonAccess'];
        };
      };
      /** @description The access is still the same. */
      304: {
        headers: {
          etag: components['headers']['ETag'];
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      404: components['responses']['404-request.not_found'];
      422: components['responses']['422-request.invalid'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  getPersonCredit: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the person in your product: 1 to 200 visible ASCII characters. */
        externalId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A person's credit. */
      200: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "daysLeft": 1,
           *       "usefulDays": 1,
           *       "until": "2026-11-01T12:00:00.000Z",
           *       "entries": [
           *         {
           *           "id": "019a3c1e-7b2a-7c3d-8e4f-5a6b7c8d9e0f",
           *           "seq": 1,
           *           "referralId": "019a3c1e-7b2a-7c3d-8e4f-5a6b7c8d9e0f",
           *           "reversesEntryId": "019a3c1e-7b2a-7c3d-8e4f-5a6b7c8d9e0f",
           *           "kind": "admin_grant",
           *           "days": 1,
           *           "effectiveAt": "2026-11-01T12:00:00.000Z",
           *           "windowFrom": "2026-11-01T12:00:00.000Z",
           *           "windowUntil": "2026-11-01T12:00:00.000Z",
           *           "reason": "text"
           *         }
           *       ]
           *     }
           */
          'application/json': components['schemas']['CreditStatement'];
        };
      };
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      404: components['responses']['404-request.not_found'];
      422: components['responses']['422-request.invalid'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  giveCredit: {
    parameters: {
      query?: never;
      header: {
        /** @description A repeated request with the same body within two days returns the first result; with another body it returns 409. */
        'Idempotency-Key': string;
      };
      path: {
        /** @description The id of the person in your product: 1 to 200 visible ASCII characters. */
        externalId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "days": 1,
         *       "reason": "text"
         *     }
         */
        'application/json': components['schemas']['GiveCredit'];
      };
    };
    responses: {
      /** @description Gives a person days of access, once for each `Idempotency-Key`. */
      201: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          'idempotent-replayed': components['headers']['IdempotentReplayed'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": "019a3c1e-7b2a-7c3d-8e4f-5a6b7c8d9e0f",
           *       "seq": 1,
           *       "referralId": "019a3c1e-7b2a-7c3d-8e4f-5a6b7c8d9e0f",
           *       "reversesEntryId": "019a3c1e-7b2a-7c3d-8e4f-5a6b7c8d9e0f",
           *       "kind": "admin_grant",
           *       "days": 1,
           *       "effectiveAt": "2026-11-01T12:00:00.000Z",
           *       "windowFrom": "2026-11-01T12:00:00.000Z",
           *       "windowUntil": "2026-11-01T12:00:00.000Z",
           *       "reason": "text"
           *     }
           */
          'application/json': components['schemas']['CreditEntry'];
        };
      };
      400: components['responses']['400-request.unreadable'];
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      404: components['responses']['404-request.not_found'];
      409: components['responses']['409-request.idempotency_conflict'];
      413: components['responses']['413-request.too_large'];
      415: components['responses']['415-request.media_type'];
      422: components['responses']['422-request.invalid'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  listPersonInvites: {
    parameters: {
      query?: {
        /** @description How many items, 1 to 100. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path: {
        /** @description The id of the person in your product: 1 to 200 visible ASCII characters. */
        externalId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The people whom a person referred, newest first. */
      200: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "items": [
           *         {
           *           "id": "019a3c1e-7b2a-7c3d-8e4f-5a6b7c8d9e0f",
           *           "label": "b…b@example.com",
           *           "status": "converted",
           *           "rewardState": "granted",
           *           "invitedAt": "2026-11-01T12:00:00.000Z",
           *           "convertedAt": "2026-11-01T12:00:00.000Z",
           *           "creditedAt": "2026-11-01T12:00:00.000Z",
           *           "daysEarned": 1,
           *           "reasons": [
           *             "budget_exhausted"
           *           ],
           *           "holds": [
           *             "refund_window"
           *           ],
           *           "arrivesAt": "2026-11-01T12:00:00.000Z",
           *           "reward": {
           *             "days": 1,
           *             "promisedDays": 1,
           *             "holdDays": 1,
           *             "status": "credited",
           *             "arrivesAt": "2026-11-01T12:00:00.000Z",
           *             "text": "text",
           *             "worth": "text",
           *             "usefulDays": [
           *               {
           *                 "intervalCount": 1,
           *                 "days": 1,
           *                 "interval": "day",
           *                 "priceIds": [
           *                   "text"
           *                 ]
           *               }
           *             ],
           *             "why": "text",
           *             "next": "text",
           *             "qualifyingPrices": [
           *               "text"
           *             ]
           *           },
           *           "why": "text",
           *           "nextStep": "text"
           *         }
           *       ],
           *       "nextCursor": "text"
           *     }
           */
          'application/json': components['schemas']['InvitePage'];
        };
      };
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      404: components['responses']['404-request.not_found'];
      422: components['responses']['422-request.invalid'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  getPersonReferral: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the person in your product: 1 to 200 visible ASCII characters. */
        externalId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A person's code and link, and what they have earned. */
      200: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "creditDays": 1,
           *       "usefulCreditDays": 1,
           *       "friendCreditDays": 1,
           *       "activeCredits": 1,
           *       "daysOnAccount": 1,
           *       "code": "ANNA2345",
           *       "link": "https://twofold.example/r/ANNA2345",
           *       "channelLinks": [
           *         {
           *           "channel": "copy",
           *           "link": "https://twofold.example/r/ANNA2345?c=whatsapp"
           *         }
           *       ],
           *       "shareText": "text",
           *       "creditWorth": "text",
           *       "counts": {
           *         "invited": 1,
           *         "pending": 1,
           *         "held": 1,
           *         "converted": 1,
           *         "reversed": 1,
           *         "rejected": 1
           *       },
           *       "paused": true,
           *       "reward": "text",
           *       "friendReward": "text",
           *       "invitation": {
           *         "referralId": "019a3c1e-7b2a-7c3d-8e4f-5a6b7c8d9e0f",
           *         "invitedBy": {
           *           "label": "Anna"
           *         },
           *         "invitedAt": "2026-11-01T12:00:00.000Z",
           *         "reward": {
           *           "days": 1,
           *           "promisedDays": 1,
           *           "holdDays": 1,
           *           "status": "credited",
           *           "arrivesAt": "2026-11-01T12:00:00.000Z",
           *           "text": "text",
           *           "worth": "text",
           *           "usefulDays": [
           *             {
           *               "intervalCount": 1,
           *               "days": 1,
           *               "interval": "day",
           *               "priceIds": [
           *                 "text"
           *               ]
           *             }
           *           ],
           *           "why": "text",
           *           "next": "text",
           *           "qualifyingPrices": [
           *             "text"
           *           ]
           *         }
           *       }
           *     }
           */
          'application/json': components['schemas']['ReferralOverview'];
        };
      };
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      404: components['responses']['404-referral.user_gone-request.not_found'];
      422: components['responses']['422-request.invalid'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  createPersonToken: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the person in your product: 1 to 200 visible ASCII characters. */
        externalId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Makes a token for the page of one person. */
      201: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "token": "text",
           *       "expiresAt": "2026-11-01T12:00:00.000Z"
           *     }
           */
          'application/json': components['schemas']['PersonToken'];
        };
      };
      400: components['responses']['400-request.unreadable'];
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      404: components['responses']['404-request.not_found'];
      409: components['responses']['409-auth.key_without_origins'];
      413: components['responses']['413-request.too_large'];
      415: components['responses']['415-request.media_type'];
      422: components['responses']['422-request.invalid'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  putRefund: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The processor, by a name that you choose: 2 to 32 of a-z, 0-9, - and _. Not stripe. */
        provider: string;
        /** @description The id at the processor: 1 to 255 printable characters. */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "amount": 1,
         *       "at": "2026-11-01T12:00:00.000Z",
         *       "paymentId": "text",
         *       "status": "failed"
         *     }
         */
        'application/json': components['schemas']['PutRefund'];
      };
    };
    responses: {
      /** @description Reports a refund. */
      200: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "outcome": "already",
           *       "detail": "text"
           *     }
           */
          'application/json': components['schemas']['ChangeAnswer'];
        };
      };
      /** @description Its person or payment is not known yet: it is stored, and applied once it is. */
      202: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "outcome": "already",
           *       "detail": "text"
           *     }
           */
          'application/json': components['schemas']['ChangeAnswer'];
        };
      };
      400: components['responses']['400-request.unreadable'];
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      404: components['responses']['404-request.not_found'];
      409: components['responses']['409-payment.conflict'];
      413: components['responses']['413-request.too_large'];
      415: components['responses']['415-request.media_type'];
      422: components['responses']['422-request.invalid'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  putSubscription: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The processor, by a name that you choose: 2 to 32 of a-z, 0-9, - and _. Not stripe. */
        provider: string;
        /** @description The id at the processor: 1 to 255 printable characters. */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "status": "active",
         *       "currentPeriodEnd": "2026-11-01T12:00:00.000Z",
         *       "updatedAt": "2026-11-01T12:00:00.000Z",
         *       "externalId": "user-42",
         *       "cancelAtPeriodEnd": true
         *     }
         */
        'application/json': components['schemas']['PutSubscription'];
      };
    };
    responses: {
      /** @description Reports a subscription. */
      200: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "outcome": "already",
           *       "detail": "text"
           *     }
           */
          'application/json': components['schemas']['ChangeAnswer'];
        };
      };
      /** @description Its person or payment is not known yet: it is stored, and applied once it is. */
      202: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "outcome": "already",
           *       "detail": "text"
           *     }
           */
          'application/json': components['schemas']['ChangeAnswer'];
        };
      };
      400: components['responses']['400-request.unreadable'];
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      404: components['responses']['404-request.not_found'];
      409: components['responses']['409-payment.conflict'];
      413: components['responses']['413-request.too_large'];
      415: components['responses']['415-request.media_type'];
      422: components['responses']['422-request.invalid'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  listWebhookEndpoints: {
    parameters: {
      query?: {
        /** @description How many items, 1 to 100. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All endpoints, oldest first. */
      200: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "items": [
           *         {
           *           "events": [
           *             "access.changed"
           *           ],
           *           "id": "text",
           *           "url": "https://app.example/twofold/events",
           *           "description": "text",
           *           "enabled": true,
           *           "disabledReason": "failing",
           *           "disabledAt": "2026-11-01T12:00:00.000Z",
           *           "failingSince": "2026-11-01T12:00:00.000Z",
           *           "previousSecretUntil": "2026-11-01T12:00:00.000Z",
           *           "createdAt": "2026-11-01T12:00:00.000Z"
           *         }
           *       ],
           *       "nextCursor": "text"
           *     }
           */
          'application/json': components['schemas']['EndpointPage'];
        };
      };
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      422: components['responses']['422-request.invalid'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  createWebhookEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "events": [
         *         "access.changed"
         *       ],
         *       "description": "text",
         *       "url": "https://app.example/twofold/events"
         *     }
         */
        'application/json': components['schemas']['CreateEndpoint'];
      };
    };
    responses: {
      /** @description Adds an endpoint. */
      201: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "events": [
           *         "access.changed"
           *       ],
           *       "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
           *       "id": "text",
           *       "url": "https://app.example/twofold/events",
           *       "description": "text",
           *       "enabled": true,
           *       "disabledReason": "failing",
           *       "disabledAt": "2026-11-01T12:00:00.000Z",
           *       "failingSince": "2026-11-01T12:00:00.000Z",
           *       "previousSecretUntil": "2026-11-01T12:00:00.000Z",
           *       "createdAt": "2026-11-01T12:00:00.000Z"
           *     }
           */
          'application/json': components['schemas']['EndpointWithSecret'];
        };
      };
      400: components['responses']['400-request.unreadable'];
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      409: components['responses']['409-webhooks.too_many_endpoints'];
      413: components['responses']['413-request.too_large'];
      415: components['responses']['415-request.media_type'];
      422: components['responses']['422-request.invalid-webhooks.url_refused'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  redeliverWebhook: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repeated request with the same body within two days returns the first result; with another body it returns 409. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description An id; a malformed one answers 404. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Sends an event to its endpoint again, with the same `webhook-id`. */
      202: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          'idempotent-replayed': components['headers']['IdempotentReplayed'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "attempts": 1,
           *       "id": "text",
           *       "eventId": "evt_9f86d081884c7d659a2feaa0c55ad015",
           *       "type": "referral.credited",
           *       "status": "dead",
           *       "createdAt": "2026-11-01T12:00:00.000Z",
           *       "nextAttemptAt": "2026-11-01T12:00:00.000Z",
           *       "lastAttemptAt": "2026-11-01T12:00:00.000Z",
           *       "lastStatus": 1,
           *       "lastError": "text",
           *       "deliveredAt": "2026-11-01T12:00:00.000Z"
           *     }
           */
          'application/json': components['schemas']['Delivery'];
        };
      };
      400: components['responses']['400-request.unreadable'];
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      404: components['responses']['404-request.not_found'];
      409: components['responses']['409-request.idempotency_conflict-webhooks.endpoint_disabled'];
      413: components['responses']['413-request.too_large'];
      415: components['responses']['415-request.media_type'];
      422: components['responses']['422-request.invalid'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  getWebhookEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id; a malformed one answers 404. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One endpoint. */
      200: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "events": [
           *         "access.changed"
           *       ],
           *       "id": "text",
           *       "url": "https://app.example/twofold/events",
           *       "description": "text",
           *       "enabled": true,
           *       "disabledReason": "failing",
           *       "disabledAt": "2026-11-01T12:00:00.000Z",
           *       "failingSince": "2026-11-01T12:00:00.000Z",
           *       "previousSecretUntil": "2026-11-01T12:00:00.000Z",
           *       "createdAt": "2026-11-01T12:00:00.000Z"
           *     }
           */
          'application/json': components['schemas']['Endpoint'];
        };
      };
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      404: components['responses']['404-request.not_found'];
      422: components['responses']['422-request.invalid'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  deleteWebhookEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id; a malformed one answers 404. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. The answer has no body. */
      204: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['400-request.unreadable'];
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      404: components['responses']['404-request.not_found'];
      413: components['responses']['413-request.too_large'];
      415: components['responses']['415-request.media_type'];
      422: components['responses']['422-request.invalid'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  changeWebhookEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id; a malformed one answers 404. */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "events": [
         *         "access.changed"
         *       ],
         *       "description": "text",
         *       "url": "https://app.example/twofold/events",
         *       "enabled": true
         *     }
         */
        'application/json': components['schemas']['ChangeEndpoint'];
      };
    };
    responses: {
      /** @description Changes an endpoint, or disables and enables it. */
      200: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "events": [
           *         "access.changed"
           *       ],
           *       "id": "text",
           *       "url": "https://app.example/twofold/events",
           *       "description": "text",
           *       "enabled": true,
           *       "disabledReason": "failing",
           *       "disabledAt": "2026-11-01T12:00:00.000Z",
           *       "failingSince": "2026-11-01T12:00:00.000Z",
           *       "previousSecretUntil": "2026-11-01T12:00:00.000Z",
           *       "createdAt": "2026-11-01T12:00:00.000Z"
           *     }
           */
          'application/json': components['schemas']['Endpoint'];
        };
      };
      400: components['responses']['400-request.unreadable'];
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      404: components['responses']['404-request.not_found'];
      413: components['responses']['413-request.too_large'];
      415: components['responses']['415-request.media_type'];
      422: components['responses']['422-request.invalid-webhooks.url_refused'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  listWebhookDeliveries: {
    parameters: {
      query?: {
        /** @description How many items, 1 to 100. */
        limit?: number;
        /** @description Only those with this status. */
        status?: 'dead' | 'delivered' | 'failed' | 'pending';
        /** @description `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path: {
        /** @description An id; a malformed one answers 404. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is sent to an endpoint, newest first. */
      200: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "items": [
           *         {
           *           "attempts": 1,
           *           "id": "text",
           *           "eventId": "evt_9f86d081884c7d659a2feaa0c55ad015",
           *           "type": "referral.credited",
           *           "status": "dead",
           *           "createdAt": "2026-11-01T12:00:00.000Z",
           *           "nextAttemptAt": "2026-11-01T12:00:00.000Z",
           *           "lastAttemptAt": "2026-11-01T12:00:00.000Z",
           *           "lastStatus": 1,
           *           "lastError": "text",
           *           "deliveredAt": "2026-11-01T12:00:00.000Z"
           *         }
           *       ],
           *       "nextCursor": "text"
           *     }
           */
          'application/json': components['schemas']['DeliveryPage'];
        };
      };
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      404: components['responses']['404-request.not_found'];
      422: components['responses']['422-request.invalid'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  rotateWebhookSecret: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id; a malformed one answers 404. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Makes a new secret, shown this once. */
      200: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "events": [
           *         "access.changed"
           *       ],
           *       "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
           *       "id": "text",
           *       "url": "https://app.example/twofold/events",
           *       "description": "text",
           *       "enabled": true,
           *       "disabledReason": "failing",
           *       "disabledAt": "2026-11-01T12:00:00.000Z",
           *       "failingSince": "2026-11-01T12:00:00.000Z",
           *       "previousSecretUntil": "2026-11-01T12:00:00.000Z",
           *       "createdAt": "2026-11-01T12:00:00.000Z"
           *     }
           */
          'application/json': components['schemas']['EndpointWithSecret'];
        };
      };
      400: components['responses']['400-request.unreadable'];
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      404: components['responses']['404-request.not_found'];
      413: components['responses']['413-request.too_large'];
      415: components['responses']['415-request.media_type'];
      422: components['responses']['422-request.invalid'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
  testWebhookEndpoint: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repeated request with the same body within two days returns the first result; with another body it returns 409. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description An id; a malformed one answers 404. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Sends `webhook.test` now, and answers what the receiver answered. */
      200: {
        headers: {
          'x-request-id': components['headers']['RequestId'];
          ratelimit: components['headers']['RateLimit'];
          'ratelimit-policy': components['headers']['RateLimitPolicy'];
          'idempotent-replayed': components['headers']['IdempotentReplayed'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "durationMs": 1,
           *       "accepted": true,
           *       "status": 1,
           *       "error": "text",
           *       "body": "text"
           *     }
           */
          'application/json': components['schemas']['TestResult'];
        };
      };
      400: components['responses']['400-request.unreadable'];
      401: components['responses']['401-auth.key_refused-auth.required'];
      403: components['responses']['403-auth.scope_missing'];
      404: components['responses']['404-request.not_found'];
      409: components['responses']['409-request.idempotency_conflict'];
      413: components['responses']['413-request.too_large'];
      415: components['responses']['415-request.media_type'];
      422: components['responses']['422-request.invalid'];
      429: components['responses']['429-auth.too_many'];
      '5XX': components['responses']['5XX'];
    };
  };
}
