-- What staff look at before they change the terms, and the figures of the programme.

-- A conversion with its payment, for asking what it would have cost under other terms. Outer joins, so that a question
-- that needs no money or no terms does not read them.
CREATE VIEW admin.replayed_conversion AS
SELECT c.id, r.id AS referral_id, c.converted_at, s.state, s.reasons, s.capped,
       CASE WHEN r.referrer_id <> r.referred_id THEN r.referrer_id END AS referrer_id,
       t.referrer_days, t.referred_days, i.paid_at, i.amount_paid, i.currency, i.price_ids, i.period_start, i.period_end
FROM referral.conversion c
JOIN referral.standing s ON s.conversion_id = c.id
JOIN referral.referral r ON r.id = c.referral_id
LEFT JOIN referral.terms t ON t.version = r.terms_version
LEFT JOIN billing.invoice i ON i.id = s.invoice_id;

-- Payments of invited people that did not meet their terms; other terms may have taken them.
CREATE VIEW admin.missed_payment AS
SELECT i.id, r.id AS referral_id, i.paid_at, i.amount_paid, i.currency, i.price_ids, i.period_start, i.period_end,
       CASE WHEN r.referrer_id <> r.referred_id THEN r.referrer_id END AS referrer_id
FROM billing.account a
JOIN referral.referral r ON r.referred_id = a.user_id
JOIN billing.invoice i ON i.user_id = a.user_id AND r.linked_at <= i.paid_at + interval '5 minutes'
WHERE a.looks_again AND NOT EXISTS (SELECT 1 FROM referral.conversion c WHERE c.referral_id = r.id);

CREATE VIEW admin.milestone_row AS
SELECT m.referrer_id, m.ordinal, m.stands, m.changed_at, t.milestone_days AS days
FROM referral.milestone m JOIN referral.terms t ON t.version = m.terms_version;

CREATE INDEX referral_by_terms ON referral.referral (terms_version);
CREATE INDEX account_awaiting ON billing.account (user_id) WHERE looks_again;

-- What the figures of the programme are counted from. Outer joins again: a figure reads only what it needs.
CREATE VIEW admin.signed_up AS SELECT id, created_at FROM auth."user";

CREATE VIEW admin.referral_fact AS
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
LEFT JOIN auth."user" referrer ON referrer.id = r.referrer_id
LEFT JOIN referral.conversion c ON c.referral_id = r.id
LEFT JOIN referral.standing s ON s.conversion_id = c.id
LEFT JOIN referral.review v ON v.referral_id = r.id
LEFT JOIN referral.terms t ON t.version = r.terms_version
LEFT JOIN billing.invoice i ON i.id = s.invoice_id;

-- Lines of the ledger that add days or take them, by what they are for. Shifts and deferrals only move days.
CREATE VIEW admin.credit_line AS
SELECT e.at, e.length_ms, i.currency,
       CASE WHEN e.side IS NOT NULL THEN e.side
            WHEN e.kind IN ('milestone', 'reversal', 'restoration') THEN 'milestone'
            WHEN e.kind = 'refund_as_credit' THEN 'refund'
            ELSE 'by_hand' END AS purpose
FROM credit.entry e
LEFT JOIN referral.standing s ON s.conversion_id = e.conversion_id
LEFT JOIN billing.invoice i ON i.id = s.invoice_id
WHERE e.kind NOT IN ('shift', 'deferral', 'transfer');

-- Days that people have ahead, with the currency they last paid in.
CREATE VIEW admin.credit_ahead AS
SELECT a.user_id, a.until, last.currency
FROM credit.account a
LEFT JOIN LATERAL (SELECT currency FROM billing.invoice i WHERE i.user_id = a.user_id
                   ORDER BY i.paid_at DESC, i.id DESC LIMIT 1) AS last ON true;

CREATE VIEW admin.paid_period AS
SELECT paid_at, currency, amount_paid, period_end - period_start AS period
FROM billing.invoice WHERE period_start IS NOT NULL;

CREATE INDEX user_by_time ON auth."user" (created_at);
CREATE INDEX referral_by_time ON referral.referral (linked_at);
CREATE INDEX account_with_days_ahead ON credit.account (until) WHERE until IS NOT NULL;
-- Both tables grow in the order of their time, so a summary of it per block range costs next to nothing to keep.
CREATE INDEX entry_by_time ON credit.entry USING brin (at) WITH (autosummarize = on);
CREATE INDEX invoice_by_time ON billing.invoice USING brin (paid_at) WITH (autosummarize = on);
