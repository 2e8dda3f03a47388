-- Whether a referral never converts: so that a conversion can be stored together with its rewards.
-- safe beside the release before: it reads the columns by their names
CREATE OR REPLACE VIEW referral.referral_state AS
SELECT r.id, r.referrer_id, r.referred_id, r.linked_at, r.code,
  EXISTS (
    SELECT 1 FROM referral.milestone m
    WHERE m.referrer_id = ANY (platform.all_accounts_of(platform.current_account_of(r.referrer_id)))
  ) AS has_milestones,
  t.*, c.id AS conversion_id, c.converted_at, s.state, s.reasons, s.flags, s.holds, s.invoice_id,
  s.release_at, s.credited_at, s.capped, v.outcome, v.decision,
  r.closed_at IS NOT NULL OR r.rewarded_elsewhere_at IS NOT NULL AS is_closed
FROM referral.referral r
JOIN referral.terms t ON t.version = r.terms_version
LEFT JOIN referral.conversion c ON c.referral_id = r.id
LEFT JOIN referral.reward_status s ON s.conversion_id = c.id
LEFT JOIN referral.review v ON v.referral_id = r.id;
