-- Spread over two years.
CREATE FUNCTION bench.moment_of(n bigint) RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT now() - n * 7919 % 63072000 * interval '1 second' $$;

-- Users and events in great numbers, with the rows that a sign-up leaves, written without triggers: they and the foreign keys would
-- only find what is written here.
CREATE FUNCTION bench.make_many_users(first bigint, last bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  SET LOCAL session_replication_role = replica;
  INSERT INTO auth."user" (id, email, created_at)
  SELECT bench.id_of('9000', n), 'person' || n || '.' || md5(n::text) || '@example.org', bench.moment_of(n) FROM generate_series(first, last) n;
  INSERT INTO billing.account (user_id) SELECT bench.id_of('9000', n) FROM generate_series(first, last) n;
  INSERT INTO credit.account (user_id) SELECT bench.id_of('9000', n) FROM generate_series(first, last) n;
  INSERT INTO referral.code (code, user_id, created_at)
  SELECT bench.code_of(3000000000000::bigint / 8 + n), bench.id_of('9000', n), now() FROM generate_series(first, last) n;
  INSERT INTO billing.customer (id, user_id, used_for_checkout, created_at)
  SELECT 'cus_9000' || n, bench.id_of('9000', n), true, now() FROM generate_series(first, last) n;
  INSERT INTO referral.referral (id, referrer_id, referred_id, code, terms_version, origin, label, linked_at)
  SELECT bench.id_of('9001', n), bench.id_of('9000', n - 1), bench.id_of('9000', n), 'BENCHBEN', 1, 'import', 'p***@example.org',
         bench.moment_of(n) FROM generate_series(first, last) n WHERE n % 2 = 0;
  INSERT INTO referral.review (referral_id, outcome, opened_at)
  SELECT bench.id_of('9001', n), CASE WHEN n % 100 = 0 AND n <= 10000 THEN 'review' ELSE 'allow' END, bench.moment_of(n)
  FROM generate_series(first, last) n WHERE n % 2 = 0;
END $$;

CREATE FUNCTION bench.make_many_events(first bigint, last bigint) RETURNS void LANGUAGE sql AS $$
  INSERT INTO billing.inbox (event_id, type, created_at, received_at, status, waiting_key, detail, digest, payload)
  SELECT 'evt_9000' || n, 'invoice.paid', at, at, CASE WHEN n % 100 = 0 AND n <= 10000 THEN 'parked' ELSE 'applied' END,
         CASE WHEN n % 100 = 0 AND n <= 10000 THEN 'cus_unknown' || n END, CASE WHEN n % 100 = 0 AND n <= 10000 THEN 'unknown_user' END, sha256(n::text::bytea),
         CASE WHEN n % 100 = 0 AND n <= 10000 THEN '{}'::json END
  FROM generate_series(first, last) n, LATERAL (SELECT bench.moment_of(n) AS at) moment
$$;
