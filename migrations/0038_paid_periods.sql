-- What decides until when a subscription makes its user paid: when it became past due, whether anything is collected, and
-- when it is planned to end.
-- safe beside the release before: columns that may be empty, and a default that rewrites nothing
ALTER TABLE billing.subscription
  ADD cancel_at           timestamptz,
  ADD collection_voided   boolean NOT NULL DEFAULT false,
  ADD past_due_since      timestamptz,
  ADD past_due_said_at    timestamptz[] NOT NULL DEFAULT '{}',
  ADD otherwise_said_at   timestamptz;
COMMENT ON COLUMN billing.subscription.cancel_at IS 'when it is planned to end; it is charged until then';
COMMENT ON COLUMN billing.subscription.cancel_at_period_end IS 'the present period is the last one: nothing is charged again';
COMMENT ON COLUMN billing.subscription.collection_voided IS 'its invoices are voided or written off for now, so no further period is paid for';
COMMENT ON COLUMN billing.subscription.past_due_since IS 'when it became past due, from the two columns beside it; null in a row of an older release, where snapshot_at is the best that is known';
COMMENT ON COLUMN billing.subscription.past_due_said_at IS 'times of the events that call it past due, from otherwise_said_at on';
COMMENT ON COLUMN billing.subscription.otherwise_said_at IS 'the latest time at which Stripe called it anything else';

-- As billing.take_payment, which processes of 0.5.0 call, with all that the tier is derived from now.
CREATE FUNCTION billing.record_payment(
  invoice text, customer text, known_user uuid, subscription text, amount bigint, currency_code text, paid timestamptz,
  recorded timestamptz, covers_from timestamptz, covers_until timestamptz, prices text[])
RETURNS TABLE (
  user_id uuid, stored boolean,
  tier text, tier_expires_at timestamptz, paid_through timestamptz, first_paid_at timestamptz, looks_again boolean,
  status text, makes_paid boolean, current_period_end timestamptz, ended_at timestamptz, paid_until timestamptz,
  deferred_until timestamptz, past_due_since timestamptz, collection_voided boolean)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  payer uuid := coalesce((SELECT c.user_id FROM billing.customer c WHERE c.id = customer), known_user);
  before billing.account;
BEGIN
  IF payer IS NULL THEN
    RETURN;
  END IF;
  SELECT * INTO before FROM billing.account a WHERE a.user_id = payer FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'User % has no billing account', payer;
  END IF;
  INSERT INTO billing.invoice (id, user_id, customer_id, subscription_id, amount_paid, currency, paid_at, recorded_at,
    period_start, period_end, price_ids)
  VALUES (invoice, payer, coalesce(customer, ''), subscription, amount, currency_code, paid, recorded,
    CASE WHEN covers_from < covers_until THEN covers_from END, CASE WHEN covers_from < covers_until THEN covers_until END, prices)
  ON CONFLICT (id) DO NOTHING;
  IF NOT FOUND THEN
    RETURN QUERY SELECT payer, false, before.tier, before.tier_expires_at, before.paid_through, before.first_paid_at,
      before.looks_again, NULL::text, NULL::boolean, NULL::timestamptz, NULL::timestamptz, NULL::timestamptz, NULL::timestamptz,
      NULL::timestamptz, NULL::boolean;
    RETURN;
  END IF;
  INSERT INTO billing.subscription AS s (id, user_id, customer_id, status, price_id, makes_paid, paid_until)
  VALUES (subscription, payer, coalesce(customer, ''), 'incomplete', prices[1], true, covers_until)
  ON CONFLICT (id) DO UPDATE SET paid_until = GREATEST(s.paid_until, excluded.paid_until);
  RETURN QUERY SELECT payer, true, before.tier, before.tier_expires_at, before.paid_through, before.first_paid_at,
    before.looks_again, s.status, s.makes_paid, s.current_period_end, s.ended_at, s.paid_until, s.deferred_until,
    coalesce(s.past_due_since, s.snapshot_at), s.collection_voided
  FROM billing.subscription s WHERE s.user_id = payer;
END $$;
