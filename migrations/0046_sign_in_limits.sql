-- Counts hits against rate limits. `requests` is an array of arrays of limits { key, hits, window_ms }, in order: a request
-- counts against all of its limits, or, when one of them is used up, against none. So what is refused uses nothing up.
-- Answers one row for each request: milliseconds to wait, 0 when it was counted. Rows are locked in one order first.
CREATE FUNCTION platform.take_hits(requests jsonb, clock timestamptz)
RETURNS TABLE (ordinal bigint, wait_ms double precision)
LANGUAGE plpgsql AS $$
DECLARE
  limits jsonb;
BEGIN
  INSERT INTO platform.rate_limit AS r (key, hits, expires_at)
  SELECT DISTINCT l.value->>'key', 0, clock
  FROM jsonb_array_elements(requests) q, jsonb_array_elements(q.value) l ORDER BY 1
  ON CONFLICT (key) DO UPDATE SET hits = r.hits;
  FOR limits, ordinal IN SELECT q.value, q.ordinality FROM jsonb_array_elements(requests) WITH ORDINALITY q LOOP
    SELECT coalesce(max(extract(epoch FROM r.expires_at - clock)) * 1000, 0) INTO wait_ms
    FROM jsonb_to_recordset(limits) AS l (key text, hits integer) JOIN platform.rate_limit r USING (key)
    WHERE r.expires_at > clock AND r.hits >= l.hits;
    IF wait_ms = 0 THEN
      UPDATE platform.rate_limit r SET
        hits = CASE WHEN r.expires_at <= clock THEN 1 ELSE r.hits + 1 END,
        expires_at = CASE WHEN r.expires_at <= clock THEN clock + make_interval(secs => l.window_ms / 1000.0) ELSE r.expires_at END
      FROM jsonb_to_recordset(limits) AS l (key text, window_ms bigint) WHERE r.key = l.key;
    END IF;
    RETURN NEXT;
  END LOOP;
END $$;

-- A code that was asked for by a device or a session that had proven the address before. Its limits are its own, so that
-- strangers who know the address cannot use them up. Null: anybody.
ALTER TABLE auth.challenge ADD COLUMN device bytea;
