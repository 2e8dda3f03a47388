-- Spread over two years.
CREATE FUNCTION bench.moment_of(n bigint) RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT now() - n * 7919 % 63072000 * interval '1 second' $$;

-- Events in great numbers.
CREATE FUNCTION bench.make_many_events(first bigint, last bigint) RETURNS void LANGUAGE sql AS $$
  INSERT INTO billing.inbox (event_id, type, created_at, received_at, status, waiting_key, detail, digest, payload)
  SELECT 'evt_9000' || n, 'invoice.paid', at, at, CASE WHEN n % 100 = 0 AND n <= 10000 THEN 'parked' ELSE 'applied' END,
         CASE WHEN n % 100 = 0 AND n <= 10000 THEN 'cus_unknown' || n END, CASE WHEN n % 100 = 0 AND n <= 10000 THEN 'unknown_user' END, sha256(n::text::bytea),
         CASE WHEN n % 100 = 0 AND n <= 10000 THEN '{}'::json END
  FROM generate_series(first, last) n, LATERAL (SELECT bench.moment_of(n) AS at) moment
$$;

-- Reviews of the newest referrals, until so many wait.
CREATE FUNCTION bench.make_waiting_reviews(needed bigint) RETURNS void LANGUAGE sql AS $$
  INSERT INTO referral.review (referral_id, outcome, opened_at)
  SELECT r.id, 'review', r.linked_at FROM referral.referral r
  WHERE NOT EXISTS (SELECT FROM referral.review WHERE referral_id = r.id)
  ORDER BY r.linked_at DESC LIMIT greatest(0, needed - (SELECT count(*) FROM admin.waiting_review))
$$;
