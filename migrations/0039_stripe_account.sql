-- Which account at Stripe, and which of its modes, all that is known of customers, subscriptions and payments belongs to.
CREATE TABLE billing.stripe_account (
  is_only    boolean PRIMARY KEY DEFAULT true CONSTRAINT stripe_account_is_only_one CHECK (is_only),
  account_id text NOT NULL,
  livemode   boolean NOT NULL,
  since      timestamptz NOT NULL
);
COMMENT ON TABLE billing.stripe_account IS 'noted at the first start with a key; a key of another account or mode is refused until somebody accepts it';
