-- Totals of whole days (UTC), and of 32 days together: a long period reads few rows, however many people there are.
-- What begins or ends within a day is read from the quarters of an hour. They follow from those, by `admin.refresh_totals`.

\ir functions/admin.totals.sql
\ir functions/referral.invite_groups.sql

CREATE MATERIALIZED VIEW admin.activity_totals_by_days AS
SELECT d.days, date_bin(d.days * interval '1 day', at, '2000-01-01T00:00:00Z') AS at, sum(signed_up)::integer AS signed_up, sum(invited)::integer AS invited,
       sum(converted)::integer AS converted, sum(given_ms)::bigint AS given_ms, sum(taken_ms)::bigint AS taken_ms
FROM admin.activity_totals, (VALUES (1), (32)) d (days) GROUP BY 1, 2 WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX activity_totals_by_days_and_time ON admin.activity_totals_by_days (days, at);

CREATE MATERIALIZED VIEW admin.sign_up_totals_by_days AS
SELECT d.days, date_bin(d.days * interval '1 day', at, '2000-01-01T00:00:00Z') AS at, sum(signed_up)::integer AS signed_up, sum(joined)::integer AS joined,
       sum(paid)::integer AS paid, sum(paying)::integer AS paying, sum(invited)::integer AS invited, sum(invited_paying)::integer AS invited_paying
FROM admin.sign_up_totals, (VALUES (1), (32)) d (days) GROUP BY 1, 2 WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX sign_up_totals_by_days_and_time ON admin.sign_up_totals_by_days (days, at);

CREATE MATERIALIZED VIEW admin.invitation_totals_by_days AS
SELECT d.days, date_bin(d.days * interval '1 day', at, '2000-01-01T00:00:00Z') AS at, sum(invited)::integer AS invited, sum(paid)::integer AS paid,
       sum(credited)::integer AS credited, sum(paying)::integer AS paying, sum(credited_days)::integer AS credited_days,
       sum(pending)::integer AS pending, sum(held)::integer AS held, sum(converted)::integer AS converted,
       sum(suspended)::integer AS suspended, sum(reversed)::integer AS reversed, sum(rejected)::integer AS rejected
FROM admin.invitation_totals, (VALUES (1), (32)) d (days) GROUP BY 1, 2 WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX invitation_totals_by_days_and_time ON admin.invitation_totals_by_days (days, at);

CREATE MATERIALIZED VIEW admin.invitation_group_totals_by_days AS
SELECT d.days, date_bin(d.days * interval '1 day', at, '2000-01-01T00:00:00Z') AS at, terms_version, campaign, channel,
       sum(invited)::integer AS invited, sum(paid)::integer AS paid, sum(credited)::integer AS credited, sum(paying)::integer AS paying,
       sum(credited_days)::integer AS credited_days
FROM admin.invitation_group_totals, (VALUES (1), (32)) d (days) GROUP BY 1, 2, 3, 4, 5 WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX invitation_group_totals_by_days_and_time ON admin.invitation_group_totals_by_days (days, at, terms_version, campaign, channel);

CREATE MATERIALIZED VIEW admin.conversion_totals_by_days AS
SELECT d.days, date_bin(d.days * interval '1 day', at, '2000-01-01T00:00:00Z') AS at, hours, sum(conversions)::integer AS conversions
FROM admin.conversion_totals, (VALUES (1), (32)) d (days) GROUP BY 1, 2, 3 WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX conversion_totals_by_days_and_time ON admin.conversion_totals_by_days (days, at, hours);

CREATE MATERIALIZED VIEW admin.credit_totals_by_days AS
SELECT d.days, date_bin(d.days * interval '1 day', at, '2000-01-01T00:00:00Z') AS at, purpose, currency,
       sum(given_ms)::bigint AS given_ms, sum(taken_ms)::bigint AS taken_ms
FROM admin.credit_totals, (VALUES (1), (32)) d (days) GROUP BY 1, 2, 3, 4 WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX credit_totals_by_days_and_time ON admin.credit_totals_by_days (days, at, purpose, currency);

CREATE MATERIALIZED VIEW admin.payment_totals_by_days AS
SELECT d.days, date_bin(d.days * interval '1 day', at, '2000-01-01T00:00:00Z') AS at, currency,
       sum(payments)::integer AS payments, sum(amount)::bigint AS amount, sum(seconds)::bigint AS seconds
FROM admin.payment_totals, (VALUES (1), (32)) d (days) GROUP BY 1, 2, 3 WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX payment_totals_by_days_and_time ON admin.payment_totals_by_days (days, at, currency);

CREATE MATERIALIZED VIEW admin.terms_totals AS
SELECT f.* FROM admin.totals_refresh r, admin.terms_totals_at(r.as_of) f WHERE r.part = 'statistics' WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX terms_totals_by_version ON admin.terms_totals (terms_version);

-- The invitations of people who have invited more than a thousand; filled at once, since pages of people read it.
CREATE MATERIALIZED VIEW referral.invite_totals AS
SELECT many.inviter_id, row_number() OVER (PARTITION BY many.inviter_id) AS place, r.as_of, g.*
FROM admin.totals_refresh r, (SELECT i.inviter_id FROM admin.invitation i GROUP BY 1 HAVING count(*) > 1000) many,
LATERAL referral.invite_groups(many.inviter_id, r.as_of) g WHERE r.part = 'statistics';
-- safe beside the release before: the view is new, and holds few people
CREATE UNIQUE INDEX invite_totals_by_inviter ON referral.invite_totals (inviter_id, place);

-- With few people totals are no longer stored: what was stored of them would say zero once many come at once.
DELETE FROM admin.totals_refresh WHERE NOT EXISTS (SELECT FROM auth."user" ORDER BY created_at OFFSET 1000 LIMIT 1);

-- Whom the list of referrals finds, by columns of few tables; what it shows of them is read afterwards.
CREATE VIEW admin.referral_key AS
SELECT r.id, r.linked_at, c.id AS conversion_id, c.converted_at, r.rewarded_elsewhere_at, s.state AS reward_state, s.credited_at, s.reasons,
       CASE WHEN r.rewarded_elsewhere_at IS NOT NULL THEN 'converted'
            WHEN c.id IS NULL THEN CASE WHEN v.decision = 'rejected' OR v.decision IS NULL AND v.outcome = 'reject' THEN 'rejected' ELSE 'pending' END
            WHEN s.state = 'granted' THEN 'converted'
            WHEN s.state = 'reversed' AND s.credited_at IS NULL AND s.reasons && '{fraud,rejected,budget_exhausted}' THEN 'rejected'
            ELSE s.state END AS status
FROM referral.referral r
LEFT JOIN referral.conversion c ON c.referral_id = r.id
LEFT JOIN referral.reward_status s ON s.conversion_id = c.id
LEFT JOIN referral.review v ON v.referral_id = r.id;

-- An installation that has stored its totals has these at once, too.
DO $$
BEGIN
  IF (SELECT relispopulated FROM pg_class WHERE oid = 'admin.invitation_totals'::regclass) THEN
    REFRESH MATERIALIZED VIEW admin.activity_totals_by_days;
    REFRESH MATERIALIZED VIEW admin.sign_up_totals_by_days;
    REFRESH MATERIALIZED VIEW admin.invitation_totals_by_days;
    REFRESH MATERIALIZED VIEW admin.invitation_group_totals_by_days;
    REFRESH MATERIALIZED VIEW admin.conversion_totals_by_days;
    REFRESH MATERIALIZED VIEW admin.credit_totals_by_days;
    REFRESH MATERIALIZED VIEW admin.payment_totals_by_days;
    REFRESH MATERIALIZED VIEW admin.terms_totals;
  END IF;
END $$;
