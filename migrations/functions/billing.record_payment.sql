-- Stores a payment of the customer's user (of `fallback_user_id` where the customer is not linked) and
-- what it covers of its subscription (null: none; the payment's own id: a period without one), under the locks of its ids and of the user's account. Returns
-- nothing when the user is unknown, or the payment has no id; otherwise the account as it was, with a row per subscription of the
-- user, or one without a status where there is none. `stored` is false when the payment was known already. `reversals` are those of this payment,
-- where no other was known: then it is the first. One call, because round trips cost more than the work.
CREATE OR REPLACE FUNCTION billing.record_payment(
  invoice_id text, customer_id text, fallback_user_id uuid, subscription_id text, amount bigint,
  currency text, paid_at timestamptz, recorded_at timestamptz, period_start timestamptz,
  period_end timestamptz, prices text[])
RETURNS TABLE (
  user_id uuid, stored boolean, tier text, tier_expires_at timestamptz, paid_through timestamptz,
  first_paid_at timestamptz, recheck_each_payment boolean, status text, grants_paid_tier boolean,
  current_period_end timestamptz, ended_at timestamptz, paid_until timestamptz,
  deferred_until timestamptz, past_due_since timestamptz, collection_voided boolean, reversals json,
  has_waiting_days boolean)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  payer uuid;
  before billing.account;
BEGIN
  IF record_payment.invoice_id IS NULL THEN
    RETURN;
  END IF;
  PERFORM billing.lock_stripe_ids(ARRAY[
    record_payment.invoice_id, record_payment.customer_id, record_payment.subscription_id]);
  payer := coalesce(
    (SELECT c.user_id FROM billing.customer c WHERE c.id = record_payment.customer_id), fallback_user_id);
  IF payer IS NULL THEN
    RETURN;
  END IF;
  SELECT * INTO before FROM billing.account a WHERE a.user_id = payer FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'User % has no billing account', payer;
  END IF;
  INSERT INTO billing.invoice (id, user_id, customer_id, subscription_id, amount_paid, currency, paid_at,
    recorded_at, period_start, period_end, price_ids)
  VALUES (record_payment.invoice_id, payer, coalesce(record_payment.customer_id, ''),
    coalesce(record_payment.subscription_id, ''), amount, record_payment.currency, record_payment.paid_at,
    record_payment.recorded_at,
    CASE WHEN record_payment.period_start < record_payment.period_end THEN record_payment.period_start END,
    CASE WHEN record_payment.period_start < record_payment.period_end THEN record_payment.period_end END,
    prices)
  ON CONFLICT (id) DO NOTHING;
  IF NOT FOUND THEN
    RETURN QUERY SELECT payer, false, before.tier, before.tier_expires_at, before.paid_through,
      before.first_paid_at, before.recheck_each_payment, NULL::text, NULL::boolean, NULL::timestamptz,
      NULL::timestamptz, NULL::timestamptz, NULL::timestamptz, NULL::timestamptz, NULL::boolean,
      NULL::json, NULL::boolean;
    RETURN;
  END IF;
  IF record_payment.subscription_id IS NOT NULL THEN
    INSERT INTO billing.subscription AS s (id, user_id, customer_id, status, price_id, grants_paid_tier, paid_until,
      cancel_at_period_end)
    VALUES (record_payment.subscription_id, payer, coalesce(record_payment.customer_id, ''), 'incomplete',
      prices[1], true, record_payment.period_end, record_payment.subscription_id = record_payment.invoice_id)
    ON CONFLICT (id) DO UPDATE SET paid_until = GREATEST(s.paid_until, excluded.paid_until);
  END IF;
  RETURN QUERY SELECT payer, true, before.tier, before.tier_expires_at, before.paid_through,
    before.first_paid_at, before.recheck_each_payment, s.status, s.grants_paid_tier, s.current_period_end,
    s.ended_at, s.paid_until, s.deferred_until, coalesce(s.past_due_since, s.snapshot_at),
    s.collection_voided,
    CASE WHEN before.first_paid_at IS NULL THEN billing.reversals_of_invoice(record_payment.invoice_id) END,
    credit.has_waiting_days(payer)
  FROM (VALUES (payer)) AS own (id) LEFT JOIN billing.subscription s ON s.user_id = own.id;
END $$;
