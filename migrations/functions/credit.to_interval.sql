-- Exact and independent of the session's time zone: hours and seconds, never days.
CREATE OR REPLACE FUNCTION credit.to_interval(duration_ms bigint) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT make_interval(hours => (duration_ms / 3600000)::integer, secs => (duration_ms % 3600000) / 1000.0)
$$;
