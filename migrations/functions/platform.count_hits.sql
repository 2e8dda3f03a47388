-- Counts hits against rate limits. `requests` is an array with one array of limits { key, hits,
-- window_ms } per request. A request counts against all of its limits or, when one is used up, against
-- none. Returns a row per request: milliseconds to wait, 0 when it was counted. All rows are locked
-- first, in one order. Each limit is found by its key alone: for a join, the planner may read them all.
CREATE OR REPLACE FUNCTION platform.count_hits(requests jsonb, clock timestamptz)
RETURNS TABLE (ordinal bigint, wait_ms double precision)
LANGUAGE plpgsql AS $$
DECLARE
  is_exceeded boolean;
  limits jsonb;
  one record;
BEGIN
  -- Mostly all requests pass: they are counted at once.
  WITH asked AS (
    SELECT l.key, min(l.hits) AS hits, min(l.window_ms) AS window_ms, count(*) AS n
    FROM jsonb_array_elements(requests) q, jsonb_to_recordset(q.value) AS l (key text, hits integer, window_ms bigint)
    GROUP BY l.key
  ), counted AS (
    INSERT INTO platform.rate_limit AS r (key, hits, expires_at)
    SELECT key, n, clock + make_interval(secs => window_ms / 1000.0) FROM asked ORDER BY key
    ON CONFLICT (key) DO UPDATE SET
      hits = CASE WHEN r.expires_at <= clock THEN excluded.hits ELSE r.hits + excluded.hits END,
      expires_at = CASE WHEN r.expires_at <= clock THEN excluded.expires_at ELSE r.expires_at END
    RETURNING r.key, r.hits
  )
  SELECT bool_or(counted.hits > asked.hits) INTO is_exceeded FROM counted JOIN asked USING (key);
  IF NOT is_exceeded THEN
    RETURN QUERY SELECT q.ordinality, 0::double precision FROM jsonb_array_elements(requests) WITH ORDINALITY q;
    RETURN;
  END IF;

  -- Some are refused: all hits are taken back, and the requests are counted one by one. A window without
  -- hits is over for everybody: the clock of another process may be behind.
  FOR one IN
    SELECT l.key, count(*) AS n
    FROM jsonb_array_elements(requests) q, jsonb_to_recordset(q.value) AS l (key text)
    GROUP BY l.key
  LOOP
    UPDATE platform.rate_limit r SET
      hits = r.hits - one.n,
      expires_at = CASE WHEN r.hits = one.n THEN '-infinity' ELSE r.expires_at END
    WHERE r.key = one.key;
  END LOOP;
  FOR limits, ordinal IN
    SELECT q.value, q.ordinality FROM jsonb_array_elements(requests) WITH ORDINALITY q
  LOOP
    wait_ms := 0;
    FOR one IN SELECT l.key, l.hits FROM jsonb_to_recordset(limits) AS l (key text, hits integer) LOOP
      wait_ms := greatest(wait_ms, (
        SELECT extract(epoch FROM r.expires_at - clock) * 1000 FROM platform.rate_limit r
        WHERE r.key = one.key AND r.expires_at > clock AND r.hits >= one.hits));
    END LOOP;
    IF wait_ms = 0 THEN
      FOR one IN
        SELECT l.key, clock + make_interval(secs => l.window_ms / 1000.0) AS window_end
        FROM jsonb_to_recordset(limits) AS l (key text, window_ms bigint)
      LOOP
        UPDATE platform.rate_limit r SET
          hits = CASE WHEN r.expires_at <= clock THEN 1 ELSE r.hits + 1 END,
          expires_at = CASE WHEN r.expires_at <= clock THEN one.window_end ELSE r.expires_at END
        WHERE r.key = one.key;
      END LOOP;
    END IF;
    RETURN NEXT;
  END LOOP;
END $$;
