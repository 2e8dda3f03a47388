-- People by number, so that a load can name them without asking. Everybody has a session whose token is made from
-- the number, a customer at Stripe, and a subscription's name to come.
CREATE SCHEMA bench;

CREATE FUNCTION bench.id_of(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
$$ SELECT ('00000000-0000-7000-' || kind || '-' || lpad(to_hex(n), 12, '0'))::uuid $$;

-- eight characters of the alphabet, counted up
CREATE FUNCTION bench.code_of(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT string_agg(substr('ABCDEFGHJKMNPQRSTUVWXYZ23456789', 1 + (n / power(31, place)::bigint % 31)::int, 1), '' ORDER BY place DESC)
   FROM generate_series(0, 7) place $$;

-- Users `first` to `last` of one kind, with what a sign-up leaves: code, session, customer.
CREATE FUNCTION bench.make_users(kind text, first bigint, last bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  offset_of_kind bigint := ('x' || kind)::bit(16)::int * 100000000::bigint;
BEGIN
  INSERT INTO auth."user" (id, email, created_at)
  SELECT bench.id_of(kind, n), kind || '.' || n || '@example.org', now() - interval '2 days' FROM generate_series(first, last) n;
  INSERT INTO referral.code (code, user_id, created_at)
  SELECT bench.code_of(offset_of_kind + n), bench.id_of(kind, n), now() - interval '2 days' FROM generate_series(first, last) n;
  INSERT INTO billing.customer (id, user_id, used_for_checkout, created_at)
  SELECT 'cus_' || kind || n, bench.id_of(kind, n), true, now() - interval '2 days' FROM generate_series(first, last) n;
END $$;

-- Pairs of one referrer (kind 8000) and one newcomer (kind 8001) each, or of one referrer for all.
CREATE FUNCTION bench.make_pairs(first bigint, last bigint, only_referrer bigint DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM bench.make_users('8001', first, last);
  IF only_referrer IS NULL THEN
    PERFORM bench.make_users('8000', first, last);
  END IF;
  INSERT INTO referral.referral (id, referrer_id, referred_id, code, terms_version, origin, label, linked_at)
  SELECT bench.id_of('8002', n), bench.id_of('8000', coalesce(only_referrer, n)), bench.id_of('8001', n), 'BENCHBEN',
         (SELECT max(version) FROM referral.terms), 'sign_up', 'b***@example.org', now() - interval '1 day'
  FROM generate_series(first, last) n;
END $$;

-- Newcomers who have paid for the first time already, without a referral.
CREATE FUNCTION bench.make_payers(first bigint, last bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM bench.make_users('8001', first, last);
  INSERT INTO billing.invoice (id, user_id, customer_id, subscription_id, amount_paid, currency, paid_at, recorded_at, period_start, period_end, price_ids)
  SELECT 'in_8001' || n || '_first', bench.id_of('8001', n), 'cus_8001' || n, 'sub_8001' || n, 1000, 'usd', now() - interval '30 days',
         now() - interval '30 days', now() - interval '30 days', now(), '{price_bench}' FROM generate_series(first, last) n;
  INSERT INTO billing.subscription (id, user_id, customer_id, status, price_id, grants_paid_tier, paid_until)
  SELECT 'sub_8001' || n, bench.id_of('8001', n), 'cus_8001' || n, 'incomplete', 'price_bench', true, now() + interval '1 day' FROM generate_series(first, last) n;
  UPDATE billing.account SET tier = 'paid', tier_expires_at = now() + interval '1 day', paid_through = now() + interval '1 day', first_paid_at = now() - interval '30 days'
  FROM generate_series(first, last) n WHERE user_id = bench.id_of('8001', n);
END $$;
