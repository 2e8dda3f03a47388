-- What Stripe says: every event as received, and what we know from them.
CREATE SCHEMA billing;

-- `tier` is what the events so far make of a user; it falls back to free by itself at `tier_expires_at`.
CREATE TABLE billing.account (
  user_id         uuid PRIMARY KEY REFERENCES auth."user" ON DELETE CASCADE,
  tier            text NOT NULL DEFAULT 'free' CONSTRAINT account_tier_is_known CHECK (tier IN ('free', 'paid')),
  tier_expires_at timestamptz,
  paid_through    timestamptz,
  first_paid_at   timestamptz
);
COMMENT ON COLUMN billing.account.first_paid_at IS 'the gate: set by the first qualifying payment, whichever of them arrived first';

CREATE FUNCTION billing.open_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO billing.account (user_id) SELECT id FROM new_users;
  RETURN NULL;
END $$;
CREATE TRIGGER user_gets_a_billing_account AFTER INSERT ON auth."user"
  REFERENCING NEW TABLE AS new_users FOR EACH STATEMENT EXECUTE FUNCTION billing.open_accounts();

CREATE TABLE billing.customer (
  id         text PRIMARY KEY,
  user_id    uuid NOT NULL REFERENCES billing.account,
  ours       boolean NOT NULL,
  created_at timestamptz NOT NULL
);
COMMENT ON COLUMN billing.customer.ours IS 'created by us for a checkout; the others were met in events';
CREATE UNIQUE INDEX customer_of_ours_is_one_per_user ON billing.customer (user_id) WHERE ours;
CREATE INDEX customer_by_user ON billing.customer (user_id);

CREATE TABLE billing.checkout_session (
  id           text PRIMARY KEY,
  user_id      uuid NOT NULL REFERENCES billing.account,
  customer_id  text NOT NULL,
  price_id     text NOT NULL,
  url          text NOT NULL,
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  completed_at timestamptz
);
CREATE INDEX checkout_session_by_user ON billing.checkout_session (user_id, created_at);

CREATE TABLE billing.subscription (
  id                   text PRIMARY KEY,
  user_id              uuid NOT NULL REFERENCES billing.account,
  customer_id          text NOT NULL,
  status               text NOT NULL,
  price_id             text,
  makes_paid           boolean NOT NULL,
  current_period_start timestamptz,
  current_period_end   timestamptz,
  cancel_at_period_end boolean NOT NULL DEFAULT false,
  ended_at             timestamptz,
  paid_until           timestamptz,
  snapshot_at          timestamptz,
  revision             integer NOT NULL DEFAULT 0
);
COMMENT ON COLUMN billing.subscription.makes_paid IS 'one of its prices is a price that makes a user paid';
COMMENT ON COLUMN billing.subscription.paid_until IS 'end of the latest period that a qualifying payment covers';
COMMENT ON COLUMN billing.subscription.snapshot_at IS 'event time of the newest snapshot; null while only payments have told of it';
CREATE INDEX subscription_by_user ON billing.subscription (user_id);

CREATE TABLE billing.invoice (
  id              text PRIMARY KEY,
  user_id         uuid NOT NULL REFERENCES billing.account,
  customer_id     text NOT NULL,
  subscription_id text NOT NULL,
  amount_paid     bigint NOT NULL CONSTRAINT invoice_was_paid_with_money CHECK (amount_paid > 0),
  currency        text NOT NULL,
  paid_at         timestamptz NOT NULL,
  recorded_at     timestamptz NOT NULL
);
CREATE INDEX invoice_by_user ON billing.invoice (user_id, paid_at, id);

CREATE TABLE billing.inbox (
  event_id    text PRIMARY KEY,
  type        text NOT NULL,
  created_at  timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  status      text NOT NULL CONSTRAINT inbox_status_is_known
              CHECK (status IN ('accepted', 'applied', 'ignored', 'parked', 'failed', 'dead')),
  detail      text,
  waiting_key text,
  failures    integer NOT NULL DEFAULT 0,
  looked_at   timestamptz,
  digest      bytea NOT NULL,
  payload     json NOT NULL,
  CONSTRAINT inbox_parked_names_what_it_waits_for CHECK ((status = 'parked') = (waiting_key IS NOT NULL))
);
COMMENT ON COLUMN billing.inbox.payload IS 'json, not jsonb: kept to the letter, since a digest of it tells whether a later delivery says the same';
CREATE INDEX inbox_waiting ON billing.inbox (waiting_key, created_at) WHERE status = 'parked';
CREATE INDEX inbox_to_look_at ON billing.inbox (looked_at NULLS FIRST, event_id) WHERE status IN ('parked', 'failed');
CREATE INDEX inbox_by_status ON billing.inbox (status, received_at);
