-- The K factor is of people: an account that was merged into another one is nobody else, and what it brought is that person's.
CREATE OR REPLACE VIEW admin.signed_up AS
SELECT u.id, u.created_at, m.from_id IS NOT NULL AS is_merged
FROM auth."user" u LEFT JOIN platform.merged_account m ON m.from_id = u.id;

CREATE OR REPLACE VIEW admin.referral_fact AS
SELECT r.id, r.referrer_id, r.linked_at, referrer.created_at AS referrer_joined_at, r.terms_version,
       c.id AS conversion_id, c.converted_at, s.state, s.credited_at, i.paid_at, i.currency,
       -- as admin.referral_row says it
       CASE WHEN c.id IS NULL THEN CASE WHEN v.decision = 'rejected' OR (v.decision IS NULL AND v.outcome = 'reject')
                                        THEN 'rejected' ELSE 'pending' END
            WHEN s.state = 'good' THEN 'converted'
            WHEN s.state = 'reversed' AND s.credited_at IS NULL
              AND s.reasons && '{fraud,rejected,budget_exhausted}' THEN 'rejected'
            ELSE s.state END AS status,
       CASE WHEN r.referrer_id <> r.referred_id AND s.capped IS NOT TRUE THEN t.referrer_days ELSE 0 END AS referrer_days,
       t.referred_days
FROM referral.referral r
LEFT JOIN platform.merged_account m ON m.from_id = r.referrer_id
LEFT JOIN auth."user" referrer ON referrer.id = coalesce(m.into_id, r.referrer_id)
LEFT JOIN referral.conversion c ON c.referral_id = r.id
LEFT JOIN referral.standing s ON s.conversion_id = c.id
LEFT JOIN referral.review v ON v.referral_id = r.id
LEFT JOIN referral.terms t ON t.version = r.terms_version
LEFT JOIN billing.invoice i ON i.id = s.invoice_id;
