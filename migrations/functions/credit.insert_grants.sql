-- Appends one grant per user. First locks the accounts of the users and all other accounts of the same
-- people, one by one in the order of their ids: for a list, the planner would plan again for each call.
-- A user without an account is left out. Returns a row for each grant: its position in the arrays, what
-- was computed for the entry, and the present account of the user. A trigger updates the account. Two
-- entries a statement, as a conversion grants them: PostgreSQL reads all checks of the table for each.
CREATE OR REPLACE FUNCTION credit.insert_grants(
  ids uuid[], users uuid[], kinds text[], durations bigint[], conversions uuid[], referrals uuid[],
  sides text[], notes uuid[], not_before timestamptz[], clock timestamptz)
RETURNS TABLE (
  ordinal integer, entry_seq bigint, entry_at timestamptz, entry_until timestamptz, current_owner_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  affected uuid[] := platform.with_current_accounts(users);
  account uuid;
  one credit.account;
  other credit.account;
BEGIN
  FOREACH account IN ARRAY ARRAY (SELECT DISTINCT id FROM unnest(affected) AS id ORDER BY id) LOOP
    PERFORM 1 FROM credit.account a WHERE a.user_id = account FOR NO KEY UPDATE;
  END LOOP;
  FOR i IN 1 .. cardinality(users) BY 2 LOOP
    SELECT * INTO one FROM credit.account a WHERE a.user_id = users[i];
    SELECT * INTO other FROM credit.account a WHERE a.user_id = users[i + 1];
    RETURN QUERY
    INSERT INTO credit.entry AS e (id, user_id, seq, at, kind, duration_ms, until_after,
      conversion_id, referral_id, side, revision, note_id, not_before)
    SELECT ids[n], a.user_id, a.last_seq + 1, GREATEST(clock, a.last_at), kinds[n], durations[n],
      GREATEST(clock, a.last_at, a.until, not_before[n]) + credit.to_interval(durations[n]),
      conversions[n], referrals[n], sides[n], CASE WHEN sides[n] IS NOT NULL THEN 0 END, notes[n],
      not_before[n]
    FROM (VALUES
      (i, one.user_id, one.last_seq, one.last_at, one.until),
      (i + 1, other.user_id, other.last_seq, other.last_at, other.until)
    ) AS a (n, user_id, last_seq, last_at, until)
    WHERE a.user_id IS NOT NULL
    RETURNING array_position(users, e.user_id), e.seq, e.at, e.until_after,
      platform.current_account_of(e.user_id);
  END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION credit.insert_grants(
  uuid[], uuid[], text[], bigint[], uuid[], uuid[], text[], uuid[], timestamptz[], timestamptz)
  FROM PUBLIC;
