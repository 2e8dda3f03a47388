-- Locks a referral and returns it with its state; nothing for an unknown one. VOLATILE, so the state is
-- read after the lock: it must hold what was written while the lock was waited for.
CREATE OR REPLACE FUNCTION referral.lock_referral(referral uuid) RETURNS SETOF referral.referral_state
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM referral.referral r WHERE r.id = referral FOR NO KEY UPDATE;
  RETURN QUERY SELECT * FROM referral.referral_state s WHERE s.id = referral;
END $$;

-- As above, for the referral of the user who was referred.
CREATE OR REPLACE FUNCTION referral.lock_referral_of(referred uuid) RETURNS SETOF referral.referral_state
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM referral.referral r WHERE r.referred_id = referred FOR NO KEY UPDATE;
  RETURN QUERY SELECT * FROM referral.referral_state s WHERE s.referred_id = referred;
END $$;
