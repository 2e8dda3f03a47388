-- Stripe keeps what it answered to an idempotency key for a day and repeats it, failures too. Whoever could not check out while
-- it failed is given another key the next time.
-- safe beside the release before: a default that rewrites nothing
ALTER TABLE billing.account ADD stripe_failures integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN billing.account.stripe_failures IS 'how often Stripe failed to make a customer or a checkout for them: part of the next idempotency key';
