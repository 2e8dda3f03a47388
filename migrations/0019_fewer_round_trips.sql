-- What a delivery asks first, and what a payment says, each as one call: every call is a journey there and back, and on
-- the way of a payment the journeys cost more than the work. A VOLATILE function takes a new snapshot for each of its
-- statements, so what follows a lock sees what was committed while it was waited for.

-- Takes an event for this transaction, waiting for whoever has it, and answers its row; none for an event never heard of.
CREATE FUNCTION billing.open_event(event text) RETURNS TABLE (status text, detail text, digest bytea)
LANGUAGE plpgsql AS $$
BEGIN
  -- a lock of its own space: a row that is not there yet cannot be locked
  PERFORM pg_advisory_xact_lock(hashtextextended(event, 19));
  RETURN QUERY SELECT i.status, i.detail, i.digest FROM billing.inbox i WHERE i.event_id = event FOR NO KEY UPDATE;
END $$;

-- Locks Stripe ids in the order given.
CREATE FUNCTION billing.lock_ids(ids text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  id text;
BEGIN
  FOREACH id IN ARRAY ids LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended(id, 0));
  END LOOP;
END $$;

-- Stores a payment of the customer's user (of `known_user` where no customer is mapped), and what it covers of its
-- subscription, under the lock of the user's account. Answers nothing when nobody knows whose it is; else the account
-- as it was, with a row for each subscription of the user; `stored` is false when the payment was known already.
CREATE FUNCTION billing.take_payment(
  invoice text, customer text, known_user uuid, subscription text, amount bigint, currency_code text, paid timestamptz,
  recorded timestamptz, covers_from timestamptz, covers_until timestamptz, prices text[])
RETURNS TABLE (
  user_id uuid, stored boolean,
  tier text, tier_expires_at timestamptz, paid_through timestamptz, first_paid_at timestamptz, looks_again boolean,
  status text, makes_paid boolean, current_period_start timestamptz, current_period_end timestamptz,
  ended_at timestamptz, paid_until timestamptz, deferred_until timestamptz)
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
      NULL::timestamptz;
    RETURN;
  END IF;
  INSERT INTO billing.subscription AS s (id, user_id, customer_id, status, price_id, makes_paid, paid_until)
  VALUES (subscription, payer, coalesce(customer, ''), 'incomplete', prices[1], true, covers_until)
  ON CONFLICT (id) DO UPDATE SET paid_until = GREATEST(s.paid_until, excluded.paid_until);
  RETURN QUERY SELECT payer, true, before.tier, before.tier_expires_at, before.paid_through, before.first_paid_at,
    before.looks_again, s.status, s.makes_paid, s.current_period_start, s.current_period_end, s.ended_at, s.paid_until,
    s.deferred_until
  FROM billing.subscription s WHERE s.user_id = payer;
END $$;

-- All that was ever taken back of an invoice, told of itself or of what paid it.
CREATE FUNCTION billing.reversals_of(invoice text) RETURNS json
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  paid_by text[] := ARRAY (SELECT p.id FROM billing.payment p WHERE p.invoice_id = invoice);
BEGIN
  RETURN (
    SELECT coalesce(json_agg(json_build_object('kind', r.kind, 'status', r.status, 'amount', r.amount)), '[]')
    FROM billing.reversal r
    WHERE r.invoice_id = invoice OR r.payment_intent_id = ANY (paid_by) OR r.charge_id = ANY (paid_by));
END $$;

-- `credit.account_by_end` answers the same questions
DROP INDEX credit.account_with_days_ahead;

-- Appends grants, one an account, under the locks of the accounts (and of those that they were merged into), which are
-- taken first, in one sorted statement. An account that is not there is left out. Answers, for each that was granted,
-- which it was, what its line got, and who the account is now.
CREATE FUNCTION credit.grant_lines(
  ids uuid[], users uuid[], kinds text[], lengths bigint[], conversions uuid[], referrals uuid[], sides text[], notes uuid[],
  anchors timestamptz[], clock timestamptz)
RETURNS TABLE (ordinal integer, line_seq bigint, line_at timestamptz, line_until timestamptz, person_id uuid)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM credit.account a WHERE a.user_id = ANY (platform.with_persons(users)) ORDER BY a.user_id FOR NO KEY UPDATE;
  FOR i IN 1 .. cardinality(users) LOOP
    UPDATE credit.account a SET last_seq = a.last_seq + 1, last_at = GREATEST(clock, a.last_at),
      until = GREATEST(GREATEST(clock, a.last_at, a.until), anchors[i]) + credit.milliseconds(lengths[i])
    WHERE a.user_id = users[i]
    RETURNING a.last_seq, a.last_at, a.until INTO line_seq, line_at, line_until;
    CONTINUE WHEN NOT FOUND;
    INSERT INTO credit.entry (id, user_id, seq, at, kind, length_ms, until_after, conversion_id, referral_id, side, turn, note_id, anchor_at)
    VALUES (ids[i], users[i], line_seq, line_at, kinds[i], lengths[i], line_until, conversions[i],
      referrals[i], sides[i], CASE WHEN sides[i] IS NOT NULL THEN 0 END, notes[i], anchors[i]);
    ordinal := i;
    person_id := platform.person_of(users[i]);
    RETURN NEXT;
  END LOOP;
END $$;
