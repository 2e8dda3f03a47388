-- Counts hits against rate limits. `requests` is an array with one array of limits { key, hits,
-- window_ms } per request. A request counts against all of its limits or, when one is used up, against
-- none. Returns a row per request: milliseconds to wait, 0 when it was counted. All rows are locked
-- first, in one order.
CREATE OR REPLACE FUNCTION platform.count_hits(requests jsonb, clock timestamptz)
RETURNS TABLE (ordinal bigint, wait_ms double precision)
LANGUAGE plpgsql AS $$
DECLARE
  limits jsonb;
BEGIN
  INSERT INTO platform.rate_limit AS r (key, hits, expires_at)
  SELECT DISTINCT l.value->>'key', 0, clock
  FROM jsonb_array_elements(requests) q, jsonb_array_elements(q.value) l ORDER BY 1
  ON CONFLICT (key) DO UPDATE SET hits = r.hits;
  FOR limits, ordinal IN
    SELECT q.value, q.ordinality FROM jsonb_array_elements(requests) WITH ORDINALITY q
  LOOP
    SELECT coalesce(max(extract(epoch FROM r.expires_at - clock)) * 1000, 0) INTO wait_ms
    FROM jsonb_to_recordset(limits) AS l (key text, hits integer) JOIN platform.rate_limit r USING (key)
    WHERE r.expires_at > clock AND r.hits >= l.hits;
    IF wait_ms = 0 THEN
      UPDATE platform.rate_limit r SET
        hits = CASE WHEN r.expires_at <= clock THEN 1 ELSE r.hits + 1 END,
        expires_at = CASE WHEN r.expires_at <= clock THEN clock + make_interval(secs => l.window_ms / 1000.0)
                          ELSE r.expires_at END
      FROM jsonb_to_recordset(limits) AS l (key text, window_ms bigint) WHERE r.key = l.key;
    END IF;
    RETURN NEXT;
  END LOOP;
END $$;
