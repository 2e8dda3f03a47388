-- Makes the monthly partitions (UTC) of tables whose rows go by age: for the month of `today` and the
-- two after it, where they are missing. A month with rows in the default partition stays there. Runs
-- as the owner, since no other role may create tables. Waits half a second for a lock at most
-- (lock_not_available), so that no payment waits longer behind it. Returns what was made.
CREATE OR REPLACE FUNCTION platform.create_month_partitions(today timestamptz) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET lock_timeout = 500 SET timezone = 'UTC' AS $$
DECLARE
  parent text;
  key text;
  month timestamptz;
  next_month timestamptz;
  partition text;
  is_in_default boolean;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('platform.month_partitions', 0));
  FOR parent, key IN VALUES ('billing.inbox_payload', 'received_at'), ('referral.link_click', 'day'),
    ('referral.channel_click', 'day') LOOP
    FOR month IN
      SELECT generate_series(date_trunc('month', today), date_trunc('month', today) + interval '2 months', '1 month')
    LOOP
      partition := parent || to_char(month, '"_"YYYY"_"MM');
      next_month := month + interval '1 month';
      CONTINUE WHEN to_regclass(partition) IS NOT NULL;
      -- no row may come to the default partition from here on
      EXECUTE format('LOCK TABLE %s_default IN SHARE ROW EXCLUSIVE MODE', parent);
      EXECUTE format('SELECT EXISTS (SELECT FROM %s_default WHERE %I >= $1 AND %I < $2)', parent, key, key)
        INTO is_in_default USING month, next_month;
      CONTINUE WHEN is_in_default;
      -- attaching takes a weaker lock on the parent than creating a partition of it
      EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition, parent);
      EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)',
        parent, partition, month, next_month);
      RETURN NEXT partition;
    END LOOP;
  END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION platform.create_month_partitions(timestamptz) FROM PUBLIC;
