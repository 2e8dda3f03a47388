-- What is limited for each person is counted over all their accounts, under the lock of the one that they are now. A
-- merge that commits while that lock is waited for makes it another one: so ask again until nobody is missing.
CREATE FUNCTION credit.lock_accounts(users uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  wanted uuid[];
BEGIN
  LOOP
    wanted := platform.with_persons(users);
    PERFORM 1 FROM credit.account a WHERE a.user_id = ANY (wanted) ORDER BY a.user_id FOR NO KEY UPDATE;
    EXIT WHEN platform.with_persons(users) <@ wanted;
  END LOOP;
END $$;

-- Budgets are counted in whole days. What reversals have left of a day before comes back.
WITH part AS (
  SELECT conversion_id, terms_version, reserved_ms % 86400000 AS ms FROM referral.claim WHERE reserved_ms % 86400000 <> 0 FOR UPDATE
), claims AS (
  UPDATE referral.claim c SET reserved_ms = c.reserved_ms - part.ms FROM part WHERE part.conversion_id = c.conversion_id
), back AS (
  SELECT terms_version, sum(ms) AS ms FROM part GROUP BY terms_version
)
UPDATE referral.budget b SET taken_ms = b.taken_ms - back.ms FROM back WHERE back.terms_version = b.terms_version;

WITH part AS (
  SELECT referrer_id, ordinal, terms_version, reserved_ms % 86400000 AS ms
  FROM referral.milestone WHERE reserved_ms % 86400000 <> 0 FOR UPDATE
), milestones AS (
  UPDATE referral.milestone m SET reserved_ms = m.reserved_ms - part.ms
  FROM part WHERE part.referrer_id = m.referrer_id AND part.ordinal = m.ordinal
), back AS (
  SELECT terms_version, sum(ms) AS ms FROM part GROUP BY terms_version
)
UPDATE referral.budget b SET taken_ms = b.taken_ms - back.ms FROM back WHERE back.terms_version = b.terms_version;

-- The preview of terms and the console's figures count persons, too.
CREATE OR REPLACE VIEW admin.replayed_conversion AS
SELECT c.id, r.id AS referral_id, c.converted_at, s.state, s.reasons, s.capped,
       CASE WHEN r.referrer_id <> r.referred_id THEN platform.person_of(r.referrer_id) END AS referrer_id,
       t.referrer_days, t.referred_days, i.paid_at, i.amount_paid, i.currency, i.price_ids, i.period_start, i.period_end
FROM referral.conversion c
JOIN referral.standing s ON s.conversion_id = c.id
JOIN referral.referral r ON r.id = c.referral_id
LEFT JOIN referral.terms t ON t.version = r.terms_version
LEFT JOIN billing.invoice i ON i.id = s.invoice_id;

CREATE OR REPLACE VIEW admin.missed_payment AS
SELECT i.id, r.id AS referral_id, i.paid_at, i.amount_paid, i.currency, i.price_ids, i.period_start, i.period_end,
       CASE WHEN r.referrer_id <> r.referred_id THEN platform.person_of(r.referrer_id) END AS referrer_id
FROM billing.account a
JOIN referral.referral r ON r.referred_id = a.user_id
JOIN billing.invoice i ON i.user_id = a.user_id AND r.linked_at <= i.paid_at + interval '5 minutes'
WHERE a.looks_again AND NOT EXISTS (SELECT 1 FROM referral.conversion c WHERE c.referral_id = r.id);
