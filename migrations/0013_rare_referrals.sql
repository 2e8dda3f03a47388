-- Staff list referrals whose reward was not granted, which are few among all.
-- safe beside the release before: no release has run on this schema
CREATE INDEX reward_status_not_granted ON referral.reward_status (state, conversion_id) WHERE state <> 'granted';
-- safe beside the release before: no release has run on this schema
CREATE INDEX review_rejected ON referral.review (referral_id) WHERE decision = 'rejected' OR outcome = 'reject';

-- What finds the referrals of a status that few have.
CREATE VIEW admin.waiting_review AS
SELECT referral_id FROM referral.review WHERE outcome = 'review' AND decision IS NULL;

CREATE VIEW admin.ungranted_reward AS
SELECT conversion_id, state FROM referral.reward_status WHERE state <> 'granted';

-- More than those that are rejected: what admin.referral_row computes decides.
CREATE VIEW admin.rejection AS
SELECT referral_id FROM referral.review WHERE decision = 'rejected' OR outcome = 'reject'
UNION ALL
SELECT c.referral_id FROM referral.reward_status s JOIN referral.conversion c ON c.id = s.conversion_id
WHERE s.state = 'reversed';
