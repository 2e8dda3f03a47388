-- A first payment in fewer statements, and with fewer index entries.

-- What is decided about a referral: its terms, its conversion, the status of its reward and its review.
CREATE VIEW referral.referral_state AS
SELECT r.id, r.referrer_id, r.referred_id, r.linked_at, r.code,
  EXISTS (
    SELECT 1 FROM referral.milestone m
    WHERE m.referrer_id = ANY (platform.all_accounts_of(platform.current_account_of(r.referrer_id)))
  ) AS has_milestones,
  t.*, c.id AS conversion_id, c.converted_at, s.state, s.reasons, s.flags, s.holds, s.invoice_id,
  s.release_at, s.credited_at, s.capped, v.outcome, v.decision
FROM referral.referral r
JOIN referral.terms t ON t.version = r.terms_version
LEFT JOIN referral.conversion c ON c.referral_id = r.id
LEFT JOIN referral.reward_status s ON s.conversion_id = c.id
LEFT JOIN referral.review v ON v.referral_id = r.id;

-- safe beside the release before: no release has called it; its result has more columns now
DROP FUNCTION IF EXISTS billing.record_payment(
  text, text, uuid, text, bigint, text, timestamptz, timestamptz, timestamptz, timestamptz, text[]);

-- safe beside the release before: nothing finds entries by their referral
DROP INDEX credit.credit_entry_by_referral;

-- Nearly all events are applied or ignored, and nothing finds those by their status.
-- safe beside the release before: it finds the same events by this smaller index
CREATE INDEX inbox_unprocessed ON billing.inbox (status, received_at)
  WHERE status IN ('accepted', 'parked', 'failed', 'dead');
-- safe beside the release before: see above
DROP INDEX billing.inbox_by_status;

-- Room for the next version of a row on its page, so that an update writes to no index.
ALTER TABLE billing.account SET (fillfactor = 80);
ALTER TABLE credit.account SET (fillfactor = 80);
