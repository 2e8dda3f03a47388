-- As before, but for how the accounts are locked: one by one, in the same order. A list of them was planned anew for each
-- grant, since the planner asks with_persons how long it is; that took longer than locking.
CREATE OR REPLACE FUNCTION credit.grant_lines(
  ids uuid[], users uuid[], kinds text[], lengths bigint[], conversions uuid[], referrals uuid[], sides text[], notes uuid[],
  anchors timestamptz[], clock timestamptz)
RETURNS TABLE (ordinal integer, line_seq bigint, line_at timestamptz, line_until timestamptz, person_id uuid)
LANGUAGE plpgsql AS $$
DECLARE
  affected uuid[] := platform.with_persons(users);
  account uuid;
BEGIN
  FOREACH account IN ARRAY ARRAY (SELECT DISTINCT id FROM unnest(affected) AS id ORDER BY id) LOOP
    PERFORM 1 FROM credit.account a WHERE a.user_id = account FOR NO KEY UPDATE;
  END LOOP;
  FOR i IN 1 .. cardinality(users) LOOP
    UPDATE credit.account a SET last_seq = a.last_seq + 1, last_at = GREATEST(clock, a.last_at),
      until = GREATEST(GREATEST(clock, a.last_at, a.until), anchors[i]) + credit.milliseconds(lengths[i])
    WHERE a.user_id = users[i]
    RETURNING a.last_seq, a.last_at, a.until INTO line_seq, line_at, line_until;
    CONTINUE WHEN NOT FOUND;
    INSERT INTO credit.entry (id, user_id, seq, at, kind, length_ms, until_after, conversion_id, referral_id, side, turn, note_id, anchor_at)
    VALUES (ids[i], users[i], line_seq, line_at, kinds[i], lengths[i], line_until, conversions[i],
      referrals[i], sides[i], CASE WHEN sides[i] IS NOT NULL THEN 0 END, notes[i], anchors[i]);
    ordinal := i;
    person_id := platform.person_of(users[i]);
    RETURN NEXT;
  END LOOP;
END $$;
