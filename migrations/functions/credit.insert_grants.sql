-- Appends one grant per user. First locks the accounts of the users and all other accounts of the same
-- people, one by one in the order of their ids: for a list, the planner would plan again for each call.
-- A user without an account is left out. Returns a row for each grant: its position in the arrays, what
-- was computed for the entry, and the present account of the user.
CREATE OR REPLACE FUNCTION credit.insert_grants(
  ids uuid[], users uuid[], kinds text[], durations bigint[], conversions uuid[], referrals uuid[],
  sides text[], notes uuid[], not_before timestamptz[], clock timestamptz)
RETURNS TABLE (
  ordinal integer, entry_seq bigint, entry_at timestamptz, entry_until timestamptz, current_owner_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  affected uuid[] := platform.with_current_accounts(users);
  account uuid;
BEGIN
  FOREACH account IN ARRAY ARRAY (SELECT DISTINCT id FROM unnest(affected) AS id ORDER BY id) LOOP
    PERFORM 1 FROM credit.account a WHERE a.user_id = account FOR NO KEY UPDATE;
  END LOOP;
  FOR i IN 1 .. cardinality(users) LOOP
    UPDATE credit.account a SET last_seq = a.last_seq + 1, last_at = GREATEST(clock, a.last_at),
      until = GREATEST(GREATEST(clock, a.last_at, a.until), not_before[i]) + credit.to_interval(durations[i])
    WHERE a.user_id = users[i]
    RETURNING a.last_seq, a.last_at, a.until INTO entry_seq, entry_at, entry_until;
    CONTINUE WHEN NOT FOUND;
    INSERT INTO credit.entry (id, user_id, seq, at, kind, duration_ms, until_after,
      conversion_id, referral_id, side, revision, note_id, not_before)
    VALUES (ids[i], users[i], entry_seq, entry_at, kinds[i], durations[i], entry_until,
      conversions[i], referrals[i], sides[i], CASE WHEN sides[i] IS NOT NULL THEN 0 END, notes[i],
      not_before[i]);
    ordinal := i;
    current_owner_id := platform.current_account_of(users[i]);
    RETURN NEXT;
  END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION credit.insert_grants(
  uuid[], uuid[], text[], bigint[], uuid[], uuid[], text[], uuid[], timestamptz[], timestamptz)
  FROM PUBLIC;
