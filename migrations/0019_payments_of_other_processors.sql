-- Payments of other processors stand beside Stripe's. Their ids are `provider:object:id`, such as
-- `paddle:payment:txn_1`; Stripe's have no colon. So one key holds (provider, id), and neither can be
-- taken for the other.

-- safe beside the release before: it writes ids of Stripe only
ALTER TABLE billing.customer
  ADD CONSTRAINT customer_id_names_its_processor
    CHECK (id NOT LIKE '%:%' OR id ~ '^(?!stripe:)[a-z][a-z0-9_-]{1,31}:customer:.') NOT VALID;
-- safe beside the release before: it writes ids of Stripe only
ALTER TABLE billing.invoice
  ADD CONSTRAINT invoice_id_names_its_processor
    CHECK (id NOT LIKE '%:%' OR id ~ '^(?!stripe:)[a-z][a-z0-9_-]{1,31}:payment:.') NOT VALID;
-- safe beside the release before: it writes ids of Stripe only
ALTER TABLE billing.subscription
  ADD CONSTRAINT subscription_id_names_its_processor
    CHECK (id NOT LIKE '%:%' OR id ~ '^(?!stripe:)[a-z][a-z0-9_-]{1,31}:(subscription|payment):.') NOT VALID;
-- safe beside the release before: it writes ids of Stripe only
ALTER TABLE billing.reversal
  ADD CONSTRAINT reversal_id_names_its_processor
    CHECK (id NOT LIKE '%:%' OR (id ~ '^(?!stripe:)[a-z][a-z0-9_-]{1,31}:(refund|dispute):.'
      AND split_part(id, ':', 2) = kind
      AND invoice_id IS NOT NULL AND starts_with(invoice_id, split_part(id, ':', 1) || ':payment:'))) NOT VALID;

COMMENT ON COLUMN billing.invoice.id IS 'Stripe’s, or provider:payment:id';
COMMENT ON COLUMN billing.subscription.id IS
  'of a paid period without a subscription: the id of its payment';
COMMENT ON COLUMN billing.invoice.subscription_id IS 'empty: the payment is for no subscription';
COMMENT ON COLUMN billing.invoice.customer_id IS
  'where no customer was reported: empty, or account: and the id of the account';
