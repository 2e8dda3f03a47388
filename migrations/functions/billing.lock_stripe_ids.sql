-- Locks Stripe ids in the given order, until the end of the transaction.
CREATE OR REPLACE FUNCTION billing.lock_stripe_ids(ids text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  id text;
BEGIN
  FOREACH id IN ARRAY ids LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended(id, 0));
  END LOOP;
END $$;
