-- What Stripe reports: every event as received, and what is known from the events.
CREATE SCHEMA billing;

\ir functions/billing.create_accounts.sql

-- Derived from the events so far. The tier falls back to free by itself at `tier_expires_at`.
CREATE TABLE billing.account (
  user_id              uuid PRIMARY KEY
                       CONSTRAINT billing_account_belongs_to_a_user REFERENCES auth."user" ON DELETE CASCADE,
  tier                 text NOT NULL DEFAULT 'free'
                       CONSTRAINT account_tier_is_known CHECK (tier IN ('free', 'paid')),
  tier_expires_at      timestamptz,
  paid_through         timestamptz,
  first_paid_at        timestamptz,
  recheck_each_payment boolean NOT NULL DEFAULT false,
  stripe_failure_count integer NOT NULL DEFAULT 0
);
COMMENT ON COLUMN billing.account.first_paid_at IS
  'set by the first qualifying payment, whichever of them arrived first';
COMMENT ON COLUMN billing.account.recheck_each_payment IS
  'the terms of the referral do not accept every payment: each one is checked';
COMMENT ON COLUMN billing.account.stripe_failure_count IS
  'part of the next idempotency key, since Stripe repeats a failure for a day under the same key';
CREATE INDEX account_rechecking_each_payment ON billing.account (user_id) WHERE recheck_each_payment;
CREATE TRIGGER user_gets_a_billing_account AFTER INSERT ON auth."user"
  REFERENCING NEW TABLE AS new_users FOR EACH STATEMENT EXECUTE FUNCTION billing.create_accounts();

-- A customer that was deleted at Stripe stays: later events about it must find its user.
CREATE TABLE billing.customer (
  id                text PRIMARY KEY,
  user_id           uuid NOT NULL CONSTRAINT customer_belongs_to_an_account REFERENCES billing.account,
  used_for_checkout boolean NOT NULL,
  created_at        timestamptz NOT NULL,
  deleted_at        timestamptz,
  CONSTRAINT customer_used_for_checkout_is_not_deleted
    CHECK (NOT (used_for_checkout AND deleted_at IS NOT NULL))
);
COMMENT ON COLUMN billing.customer.used_for_checkout IS
  'created by Twofold for a checkout; the others became known from events';
CREATE UNIQUE INDEX customer_used_for_checkout_is_one_per_user ON billing.customer (user_id)
  WHERE used_for_checkout;
CREATE INDEX customer_by_user ON billing.customer (user_id);

-- Customers that were deleted at Stripe before their user was known. Most belong to nobody here, so
-- they are purged after 30 days.
CREATE TABLE billing.deleted_customer (
  id          text PRIMARY KEY,
  deleted_at  timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL
);
CREATE INDEX deleted_customer_by_recorded_at ON billing.deleted_customer (recorded_at);

-- A stored session is offered again only while Stripe reports it open and the request is the same.
CREATE TABLE billing.checkout_session (
  id             text PRIMARY KEY,
  user_id        uuid NOT NULL
                 CONSTRAINT checkout_session_belongs_to_an_account REFERENCES billing.account,
  customer_id    text NOT NULL,
  price_id       text NOT NULL,
  url            text NOT NULL,
  request_digest text NOT NULL,
  created_at     timestamptz NOT NULL,
  expires_at     timestamptz NOT NULL,
  completed_at   timestamptz,
  closed_at      timestamptz
);
COMMENT ON COLUMN billing.checkout_session.request_digest IS
  'SHA-256 of the request to Stripe: customer, price and addresses';
COMMENT ON COLUMN billing.checkout_session.closed_at IS
  'Stripe reported that this session was not paid and can no longer be paid';
CREATE INDEX checkout_session_by_user ON billing.checkout_session (user_id, created_at);

CREATE TABLE billing.subscription (
  id                       text PRIMARY KEY,
  user_id                  uuid NOT NULL
                           CONSTRAINT subscription_belongs_to_an_account REFERENCES billing.account,
  customer_id              text NOT NULL,
  status                   text NOT NULL,
  price_id                 text,
  grants_paid_tier         boolean NOT NULL,
  current_period_start     timestamptz,
  current_period_end       timestamptz,
  cancel_at_period_end     boolean NOT NULL DEFAULT false,
  cancel_at                timestamptz,
  ended_at                 timestamptz,
  paid_until               timestamptz,
  deferred_until           timestamptz,
  collection_voided        boolean NOT NULL DEFAULT false,
  past_due_since           timestamptz,
  past_due_reported_at     timestamptz[] NOT NULL DEFAULT '{}',
  other_status_reported_at timestamptz,
  snapshot_at              timestamptz,
  revision                 integer NOT NULL DEFAULT 0
);
COMMENT ON COLUMN billing.subscription.grants_paid_tier IS
  'one of its prices is a price that grants the paid tier';
COMMENT ON COLUMN billing.subscription.cancel_at_period_end IS
  'the present period is the last one: nothing is charged again';
COMMENT ON COLUMN billing.subscription.cancel_at IS
  'when it is planned to end; it is charged until then';
COMMENT ON COLUMN billing.subscription.paid_until IS
  'end of the latest period that a qualifying payment covers';
COMMENT ON COLUMN billing.subscription.deferred_until IS
  'credit deferred the next charge to this time: until then trialing counts as paid';
COMMENT ON COLUMN billing.subscription.collection_voided IS
  'its invoices are voided or written off for now, so no further period is paid for';
COMMENT ON COLUMN billing.subscription.past_due_since IS
  'when it became past due, from the two columns below';
COMMENT ON COLUMN billing.subscription.past_due_reported_at IS
  'times of the events that report it past due, from other_status_reported_at on';
COMMENT ON COLUMN billing.subscription.other_status_reported_at IS
  'the latest time at which Stripe reported any other status';
COMMENT ON COLUMN billing.subscription.snapshot_at IS
  'event time of the newest snapshot; null while it is known from payments only';
CREATE INDEX subscription_by_user ON billing.subscription (user_id);

CREATE TABLE billing.invoice (
  id              text PRIMARY KEY,
  user_id         uuid NOT NULL CONSTRAINT invoice_belongs_to_an_account REFERENCES billing.account,
  customer_id     text NOT NULL,
  subscription_id text NOT NULL,
  amount_paid     bigint NOT NULL CONSTRAINT invoice_amount_paid_is_positive CHECK (amount_paid > 0),
  currency        text NOT NULL,
  price_ids       text[] NOT NULL DEFAULT '{}',
  paid_at         timestamptz NOT NULL,
  recorded_at     timestamptz NOT NULL,
  period_start    timestamptz,
  period_end      timestamptz,
  CONSTRAINT invoice_period_has_start_and_end
    CHECK (num_nonnulls(period_start, period_end) IN (0, 2) AND period_start < period_end)
);
COMMENT ON COLUMN billing.invoice.period_start IS 'null with period_end: the period has no length';
CREATE INDEX invoice_by_user ON billing.invoice (user_id, paid_at, id);
-- The table grows in the order of `paid_at`, so a summary per block range costs almost nothing.
CREATE INDEX invoice_by_paid_at ON billing.invoice USING brin (paid_at) WITH (autosummarize = on);

-- Which payment paid which invoice: refunds and disputes name only the payment.
CREATE TABLE billing.invoice_payment (
  id          text PRIMARY KEY,
  invoice_id  text,
  recorded_at timestamptz NOT NULL
);
COMMENT ON COLUMN billing.invoice_payment.id IS
  'a payment intent, or the charge where there is no intent';
COMMENT ON COLUMN billing.invoice_payment.invoice_id IS
  'null: Stripe reports that it paid no invoice';
CREATE INDEX invoice_payment_by_invoice ON billing.invoice_payment (invoice_id)
  WHERE invoice_id IS NOT NULL;

-- One row for each refund, dispute, credit note and fraud warning, as Stripe last reported it.
CREATE TABLE billing.reversal (
  id                text PRIMARY KEY,
  kind              text NOT NULL CONSTRAINT reversal_kind_is_known
                    CHECK (kind IN ('refund', 'dispute', 'credit_note', 'early_fraud_warning')),
  payment_intent_id text,
  charge_id         text,
  invoice_id        text,
  amount            bigint NOT NULL CONSTRAINT reversal_amount_is_not_negative CHECK (amount >= 0),
  status            text NOT NULL,
  snapshot_at       timestamptz NOT NULL,
  recorded_at       timestamptz NOT NULL,
  CONSTRAINT reversal_has_a_payment_or_invoice
    CHECK (num_nonnulls(payment_intent_id, charge_id, invoice_id) > 0)
);
COMMENT ON COLUMN billing.reversal.amount IS
  'smallest unit of the currency; of a credit note, what was not also refunded';
COMMENT ON COLUMN billing.reversal.status IS 'Stripe’s own value';
CREATE INDEX reversal_by_payment_intent ON billing.reversal (payment_intent_id)
  WHERE payment_intent_id IS NOT NULL;
CREATE INDEX reversal_by_charge ON billing.reversal (charge_id) WHERE charge_id IS NOT NULL;
CREATE INDEX reversal_by_invoice ON billing.reversal (invoice_id) WHERE invoice_id IS NOT NULL;

-- Money that became credit instead of a refund. Every writer locks the payer's account first, so it
-- never exceeds what remains of the payment.
CREATE TABLE billing.refund_as_credit (
  entry_id   uuid PRIMARY KEY,
  invoice_id text NOT NULL CONSTRAINT refund_as_credit_is_of_an_invoice REFERENCES billing.invoice,
  amount     bigint NOT NULL CONSTRAINT refund_as_credit_amount_is_positive CHECK (amount > 0),
  granted_at timestamptz NOT NULL
);
COMMENT ON COLUMN billing.refund_as_credit.entry_id IS 'the credit entry';
COMMENT ON COLUMN billing.refund_as_credit.amount IS 'smallest unit of the invoice’s currency';
CREATE INDEX refund_as_credit_by_invoice ON billing.refund_as_credit (invoice_id);

-- A charge that is deferred by the days of one credit entry. `target_at` is committed before Stripe is
-- called.
CREATE TABLE billing.deferral (
  entry_id          uuid PRIMARY KEY,
  user_id           uuid NOT NULL CONSTRAINT deferral_belongs_to_an_account REFERENCES billing.account,
  subscription_id   text,
  state             text NOT NULL CONSTRAINT deferral_state_is_known CHECK (state IN
                    ('planned', 'requested', 'confirmed', 'reverting', 'reverted', 'fallback', 'cancelled')),
  detail            text,
  attempt           integer NOT NULL DEFAULT 0,
  previous_end_at   timestamptz,
  target_at         timestamptz,
  revert_to         timestamptz,
  deferral_entry_id uuid,
  planned_at        timestamptz NOT NULL,
  updated_at        timestamptz NOT NULL,
  CONSTRAINT deferral_has_subscription_and_dates CHECK (
    state NOT IN ('requested', 'confirmed', 'reverting', 'reverted')
    OR (num_nonnulls(subscription_id, previous_end_at, target_at) = 3 AND previous_end_at <= target_at)),
  CONSTRAINT deferral_reverting_has_revert_to CHECK (state <> 'reverting' OR revert_to IS NOT NULL)
);
COMMENT ON COLUMN billing.deferral.entry_id IS 'the credit entry whose days defer the charge';
COMMENT ON COLUMN billing.deferral.deferral_entry_id IS 'the credit entry that took those days';
-- The next deferral of a subscription starts where this one ends.
CREATE UNIQUE INDEX deferral_one_in_flight_per_subscription ON billing.deferral (subscription_id)
  WHERE state IN ('requested', 'reverting');
CREATE INDEX deferral_by_user ON billing.deferral (user_id);

CREATE TABLE billing.inbox (
  event_id      text PRIMARY KEY,
  type          text NOT NULL,
  created_at    timestamptz NOT NULL,
  received_at   timestamptz NOT NULL,
  status        text NOT NULL CONSTRAINT inbox_status_is_known
                CHECK (status IN ('accepted', 'applied', 'ignored', 'parked', 'failed', 'dead')),
  detail        text,
  waiting_key   text,
  failures      integer NOT NULL DEFAULT 0,
  last_tried_at timestamptz,
  retries       integer NOT NULL DEFAULT 0,
  next_retry_at timestamptz,
  needs_refetch boolean NOT NULL DEFAULT false,
  digest        bytea NOT NULL,
  payload       json,
  CONSTRAINT inbox_parked_event_has_a_waiting_key
    CHECK ((status = 'parked') = (waiting_key IS NOT NULL)),
  CONSTRAINT inbox_payload_is_kept_until_processed
    CHECK (payload IS NOT NULL OR status IN ('applied', 'ignored'))
);
COMMENT ON COLUMN billing.inbox.last_tried_at IS 'the last retry since it was parked or failed';
COMMENT ON COLUMN billing.inbox.retries IS 'retries for the present reason';
COMMENT ON COLUMN billing.inbox.next_retry_at IS 'null: at once';
COMMENT ON COLUMN billing.inbox.needs_refetch IS
  'its payload cannot be used as it is: its object is fetched from Stripe';
COMMENT ON COLUMN billing.inbox.payload IS
  'json, not jsonb: the exact text, since its digest identifies the content; null once purged';
CREATE INDEX inbox_by_waiting_key ON billing.inbox (waiting_key, created_at) WHERE status = 'parked';
CREATE INDEX inbox_by_status ON billing.inbox (status, received_at);
CREATE INDEX inbox_by_received_at ON billing.inbox (received_at, event_id);
CREATE INDEX inbox_with_payload ON billing.inbox (received_at)
  WHERE payload IS NOT NULL AND status IN ('applied', 'ignored');
-- Two queues, so that events of unknown users never delay those that Stripe can answer.
CREATE INDEX inbox_retry_for_unknown_user ON billing.inbox (next_retry_at NULLS FIRST)
  WHERE status = 'parked' AND detail = 'unknown_user';
CREATE INDEX inbox_retry_for_other_reasons ON billing.inbox (next_retry_at NULLS FIRST)
  WHERE status = 'failed' OR (status = 'parked' AND detail IS DISTINCT FROM 'unknown_user');

-- Alerts about events: one per event and reason.
CREATE TABLE billing.event_alert (
  event_id  text NOT NULL CONSTRAINT event_alert_is_about_an_event REFERENCES billing.inbox,
  name      text NOT NULL,
  raised_at timestamptz NOT NULL,
  CONSTRAINT event_alert_is_raised_once PRIMARY KEY (event_id, name)
);

-- Up to when Stripe's events and objects were compared with what is stored. It only moves forward.
CREATE TABLE billing.reconciliation_cursor (
  kind           text PRIMARY KEY
                 CONSTRAINT reconciliation_cursor_kind_is_known CHECK (kind IN ('events', 'objects')),
  compared_until timestamptz NOT NULL
);
COMMENT ON COLUMN billing.reconciliation_cursor.compared_until IS
  'everything that Stripe created before this time was compared, without a gap';

-- The account at Stripe, and its mode, that all customers, subscriptions and payments belong to.
CREATE TABLE billing.stripe_account (
  singleton   boolean PRIMARY KEY DEFAULT true CONSTRAINT stripe_account_is_single CHECK (singleton),
  account_id  text NOT NULL,
  livemode    boolean NOT NULL,
  recorded_at timestamptz NOT NULL
);
COMMENT ON TABLE billing.stripe_account IS
  'recorded at the first start with a key; a key of another account or mode is refused until accepted';
