-- Users in great numbers, with the rows that a sign-up leaves, written without triggers: they and the foreign keys would
-- only find what is written here.
CREATE FUNCTION bench.make_many_users(first bigint, last bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  SET LOCAL session_replication_role = replica;
  INSERT INTO auth."user" (id, email, created_at)
  SELECT bench.id_of('9000', n), 'person' || n || '.' || md5(n::text) || '@example.org', now() - n * interval '1 second' FROM generate_series(first, last) n;
  INSERT INTO billing.account (user_id) SELECT bench.id_of('9000', n) FROM generate_series(first, last) n;
  INSERT INTO credit.account (user_id) SELECT bench.id_of('9000', n) FROM generate_series(first, last) n;
  INSERT INTO referral.code (code, user_id, created_at)
  SELECT bench.code_of(3000000000000::bigint / 8 + n), bench.id_of('9000', n), now() FROM generate_series(first, last) n;
  INSERT INTO billing.customer (id, user_id, used_for_checkout, created_at)
  SELECT 'cus_9000' || n, bench.id_of('9000', n), true, now() FROM generate_series(first, last) n;
END $$;
