-- Views that the admin console reads. They join what the modules know of users and referrals.
CREATE SCHEMA admin;

CREATE VIEW admin.user_row AS
SELECT u.id, u.email, u.display_name, u.role, u.created_at, b.tier, b.tier_expires_at,
       c.until AS credit_until
FROM auth."user" u
JOIN billing.account b ON b.user_id = u.id
JOIN credit.account c ON c.user_id = u.id;

-- What the search for users reads: the newest first, or through the trigram index.
CREATE VIEW admin.user_search AS SELECT u.id, u.email, u.display_name FROM auth."user" u;

CREATE VIEW admin.referral_row AS
SELECT r.id, r.referrer_id, r.referred_id, r.code, r.label, r.origin, r.linked_at,
       t.referrer_days, t.referred_days,
       referrer.email AS referrer_email, referred.email AS referred_email,
       c.id AS conversion_id, c.converted_at, s.reasons, s.flags, s.invoice_id, s.credited_at,
       s.changed_at,
       CASE WHEN c.id IS NULL
              THEN CASE WHEN v.decision = 'rejected' OR (v.decision IS NULL AND v.outcome = 'reject')
                        THEN 'rejected' ELSE 'pending' END
            WHEN s.state = 'granted' THEN 'converted'
            WHEN s.state = 'reversed' AND s.credited_at IS NULL
              AND s.reasons && '{fraud,rejected,budget_exhausted}' THEN 'rejected'
            ELSE s.state END AS status,
       s.holds, s.release_at, s.capped, r.terms_version,
       v.outcome AS review_outcome, v.decision AS review_decision
FROM referral.referral r
JOIN referral.terms t ON t.version = r.terms_version
JOIN auth."user" referred ON referred.id = r.referred_id
LEFT JOIN auth."user" referrer ON referrer.id = r.referrer_id
LEFT JOIN referral.conversion c ON c.referral_id = r.id
LEFT JOIN referral.reward_status s ON s.conversion_id = c.id
LEFT JOIN referral.review v ON v.referral_id = r.id;

-- A conversion with its payment, to compute what it would have cost under other terms. The outer joins
-- let a query that needs no payment or no terms skip those tables.
CREATE VIEW admin.conversion_payment AS
SELECT c.id, r.id AS referral_id, c.converted_at, s.state, s.reasons, s.capped,
       CASE WHEN r.referrer_id <> r.referred_id
            THEN platform.current_account_of(r.referrer_id) END AS referrer_id,
       t.referrer_days, t.referred_days, i.paid_at, i.amount_paid, i.currency, i.price_ids,
       i.period_start, i.period_end
FROM referral.conversion c
JOIN referral.reward_status s ON s.conversion_id = c.id
JOIN referral.referral r ON r.id = c.referral_id
LEFT JOIN referral.terms t ON t.version = r.terms_version
LEFT JOIN billing.invoice i ON i.id = s.invoice_id;

-- Payments of referred users that did not meet their terms; other terms may have accepted them.
CREATE VIEW admin.unqualified_payment AS
SELECT i.id, r.id AS referral_id, i.paid_at, i.amount_paid, i.currency, i.price_ids,
       i.period_start, i.period_end,
       CASE WHEN r.referrer_id <> r.referred_id
            THEN platform.current_account_of(r.referrer_id) END AS referrer_id
FROM billing.account a
JOIN referral.referral r ON r.referred_id = a.user_id
JOIN billing.invoice i ON i.user_id = a.user_id AND r.linked_at <= i.paid_at + interval '5 minutes'
WHERE a.recheck_each_payment
  AND NOT EXISTS (SELECT 1 FROM referral.conversion c WHERE c.referral_id = r.id);

CREATE VIEW admin.milestone AS
SELECT m.referrer_id, m.ordinal, m.is_granted, m.changed_at, t.milestone_days AS days
FROM referral.milestone m JOIN referral.terms t ON t.version = m.terms_version;

-- The views below are what the statistics count. Outer joins again: a query reads only what it needs.

-- The K factor counts people: an account that was merged into another one is nobody else.
CREATE VIEW admin.sign_up AS
SELECT u.id, u.created_at, m.from_id IS NOT NULL AS is_merged
FROM auth."user" u LEFT JOIN platform.merged_account m ON m.from_id = u.id;

CREATE VIEW admin.referral_stat AS
SELECT r.id, r.referrer_id, r.linked_at, referrer.created_at AS referrer_joined_at, r.terms_version,
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
LEFT JOIN platform.merged_account m ON m.from_id = r.referrer_id
LEFT JOIN auth."user" referrer ON referrer.id = coalesce(m.into_id, r.referrer_id)
LEFT JOIN referral.conversion c ON c.referral_id = r.id
LEFT JOIN referral.reward_status s ON s.conversion_id = c.id
LEFT JOIN referral.review v ON v.referral_id = r.id
LEFT JOIN referral.terms t ON t.version = r.terms_version
LEFT JOIN billing.invoice i ON i.id = s.invoice_id;

-- Credit entries that add or take days, by purpose. Shifts, deferrals and transfers only move days.
CREATE VIEW admin.credit_entry AS
SELECT e.at, e.duration_ms, i.currency,
       CASE WHEN e.side IS NOT NULL THEN e.side
            WHEN e.kind IN ('milestone', 'reversal', 'restoration') THEN 'milestone'
            WHEN e.kind = 'refund_as_credit' THEN 'refund'
            ELSE 'manual' END AS purpose
FROM credit.entry e
LEFT JOIN referral.reward_status s ON s.conversion_id = e.conversion_id
LEFT JOIN billing.invoice i ON i.id = s.invoice_id
WHERE e.kind NOT IN ('shift', 'deferral', 'transfer');

-- Unused credit, with the currency that the user last paid in.
CREATE VIEW admin.remaining_credit AS
SELECT a.user_id, a.until, last.currency
FROM credit.account a
LEFT JOIN LATERAL (SELECT currency FROM billing.invoice i WHERE i.user_id = a.user_id
                   ORDER BY i.paid_at DESC, i.id DESC LIMIT 1) AS last ON true;

CREATE VIEW admin.invoice_period AS
SELECT paid_at, currency, amount_paid, period_end - period_start AS period
FROM billing.invoice WHERE period_start IS NOT NULL;
