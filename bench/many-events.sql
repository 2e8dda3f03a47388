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
