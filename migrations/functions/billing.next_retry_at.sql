-- When a parked or failed event is retried. Linking a customer retries the events of an unknown user
-- at once, so their retries are only a safety net: after one hour, then twice as long each time. All
-- others: after one minute, up to six hours.
CREATE OR REPLACE FUNCTION billing.next_retry_at(
  clock timestamptz, status text, detail text, retries integer) RETURNS timestamptz
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN status = 'parked' AND detail = 'unknown_user'
      THEN clock + interval '1 hour' * power(2, LEAST(retries, 10))
    WHEN status IN ('parked', 'failed')
      THEN clock + LEAST(interval '1 minute' * power(2, LEAST(retries, 10)), interval '6 hours')
  END
$$;
