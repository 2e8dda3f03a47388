-- The statistics find the referrals of those who joined in a period from these people, not from all
-- referrals.

-- Every account that a person may have referred with, and when the person joined.
CREATE VIEW admin.referrer_account AS
SELECT u.id AS account_id, u.created_at AS joined_at
FROM auth."user" u
WHERE NOT EXISTS (SELECT 1 FROM platform.merged_account m WHERE m.from_id = u.id)
UNION ALL
SELECT m.from_id, u.created_at
FROM platform.merged_account m JOIN auth."user" u ON u.id = m.into_id;

-- safe beside the release before: no release has run on this schema
DROP VIEW admin.referral_stat;
CREATE VIEW admin.referral_stat AS
SELECT r.id, r.referrer_id, r.linked_at, r.terms_version,
       c.id AS conversion_id, c.converted_at, s.state, s.credited_at, i.paid_at, i.currency,
       -- the same as in admin.referral_row
       CASE WHEN c.id IS NULL
              THEN CASE WHEN v.decision = 'rejected' OR (v.decision IS NULL AND v.outcome = 'reject')
                        THEN 'rejected' ELSE 'pending' END
            WHEN s.state = 'granted' THEN 'converted'
            WHEN s.state = 'reversed' AND s.credited_at IS NULL
              AND s.reasons && '{fraud,rejected,budget_exhausted}' THEN 'rejected'
            ELSE s.state END AS status,
       CASE WHEN r.referrer_id <> r.referred_id AND s.capped IS NOT TRUE
            THEN t.referrer_days ELSE 0 END AS referrer_days,
       t.referred_days
FROM referral.referral r
LEFT JOIN referral.conversion c ON c.referral_id = r.id
LEFT JOIN referral.reward_status s ON s.conversion_id = c.id
LEFT JOIN referral.review v ON v.referral_id = r.id
LEFT JOIN referral.terms t ON t.version = r.terms_version
LEFT JOIN billing.invoice i ON i.id = s.invoice_id;
