-- Reserves up to `asked` hits of a limit for one process, which then counts them without asking again.
-- Returns how many it got, how many of the window are reserved in all, and when the window ends.
CREATE OR REPLACE FUNCTION platform.lease_hits(
  limit_key text, asked integer, max_hits integer, window_ms bigint, clock timestamptz)
RETURNS TABLE (granted integer, reserved integer, ends_at timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
  row_before platform.rate_limit;
BEGIN
  INSERT INTO platform.rate_limit (key, hits, expires_at)
  VALUES (limit_key, 0, clock + make_interval(secs => window_ms / 1000.0))
  ON CONFLICT (key) DO NOTHING;
  SELECT * INTO row_before FROM platform.rate_limit r WHERE r.key = limit_key FOR UPDATE;
  IF row_before.expires_at <= clock THEN
    row_before.hits := 0;
    row_before.expires_at := clock + make_interval(secs => window_ms / 1000.0);
  END IF;
  granted := greatest(0, least(asked, max_hits - row_before.hits));
  reserved := row_before.hits + granted;
  ends_at := row_before.expires_at;
  UPDATE platform.rate_limit r SET hits = reserved, expires_at = ends_at WHERE r.key = limit_key;
  RETURN NEXT;
END $$;
