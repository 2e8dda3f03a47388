-- Staff list referrals whose reward was not granted, which are few among all.
-- safe beside the release before: no release has run on this schema
CREATE INDEX reward_status_not_granted ON referral.reward_status (state, conversion_id) WHERE state <> 'granted';
-- safe beside the release before: no release has run on this schema
CREATE INDEX review_rejected ON referral.review (referral_id) WHERE decision = 'rejected' OR outcome = 'reject';
