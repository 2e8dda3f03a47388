-- A stored checkout page is handed out again only while Stripe says that it is open and while we would ask for the same page.
-- safe beside the release before: columns that may be empty, which it neither reads nor writes
ALTER TABLE billing.checkout_session ADD closed_at timestamptz, ADD request_digest text;
COMMENT ON COLUMN billing.checkout_session.closed_at IS 'Stripe has said that this page can no longer be paid, and was not';
COMMENT ON COLUMN billing.checkout_session.request_digest IS 'SHA-256 of what Stripe was asked for: customer, price and addresses';
