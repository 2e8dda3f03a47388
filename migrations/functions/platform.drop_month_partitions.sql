-- Drops the monthly partitions of `parent` whose month (UTC) ended before or at `moment`. Runs as the
-- owner, and only for tables whose rows go by age. Waits half a second for a lock at most
-- (lock_not_available), so that no payment waits longer behind it. Returns what was dropped.
CREATE OR REPLACE FUNCTION platform.drop_month_partitions(parent text, moment timestamptz) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET lock_timeout = 500 SET timezone = 'UTC' AS $$
DECLARE
  partition text;
BEGIN
  IF parent NOT IN ('billing.inbox_payload', 'referral.link_click', 'referral.channel_click') THEN
    RAISE EXCEPTION '% has no monthly partitions to drop', parent USING ERRCODE = 'insufficient_privilege';
  END IF;
  FOR partition IN
    SELECT inhrelid::regclass::text FROM pg_inherits
    WHERE inhparent = parent::regclass AND inhrelid::regclass::text ~ '_\d{4}_\d\d$'
      AND to_date(right(inhrelid::regclass::text, 7), 'YYYY_MM') + interval '1 month' <= moment
    ORDER BY 1
  LOOP
    EXECUTE format('DROP TABLE %s', partition);
    RETURN NEXT partition;
  END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION platform.drop_month_partitions(text, timestamptz) FROM PUBLIC;
