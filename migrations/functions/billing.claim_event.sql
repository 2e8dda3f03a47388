-- Claims a Stripe event for this transaction, waiting for any other that has claimed it, and returns
-- its row; none for a new event. VOLATILE, so each statement sees what was committed while it waited.
CREATE OR REPLACE FUNCTION billing.claim_event(event text)
RETURNS TABLE (status text, detail text, digest bytea)
LANGUAGE plpgsql AS $$
BEGIN
  -- an advisory lock: a row that does not exist yet cannot be locked
  PERFORM pg_advisory_xact_lock(hashtextextended(event, 19));
  RETURN QUERY SELECT i.status, i.detail, i.digest FROM billing.inbox i
  WHERE i.event_id = event FOR NO KEY UPDATE;
END $$;
