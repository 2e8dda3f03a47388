-- The totals of the statistics, by quarters of an hour, since every time zone begins its days at one. A task
-- stores them; an installation with few people reads them without storing, by the functions.

-- When each part was stored last.
CREATE TABLE admin.totals_refresh (
  part  text PRIMARY KEY CONSTRAINT totals_refresh_part_is_known CHECK (part IN ('statistics', 'liability')),
  as_of timestamptz NOT NULL
);

-- Opened links, by the days (UTC) that they are counted by.
CREATE VIEW admin.link_click AS SELECT day, clicks FROM referral.link_click;

-- Whom each person has invited; invitations of merged accounts are those of the person. Nobody invites themselves.
CREATE VIEW admin.invitation AS
SELECT r.id, coalesce(m.into_id, r.referrer_id) AS inviter_id, r.linked_at
FROM referral.referral r LEFT JOIN platform.merged_account m ON m.from_id = r.referrer_id
WHERE r.referrer_id <> r.referred_id;

\ir functions/admin.totals.sql

CREATE MATERIALIZED VIEW admin.activity_totals AS
SELECT f.* FROM admin.totals_refresh r, admin.activity_totals_at(r.as_of) f WHERE r.part = 'statistics' WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX activity_totals_by_time ON admin.activity_totals (at);

CREATE MATERIALIZED VIEW admin.sign_up_totals AS
SELECT f.* FROM admin.totals_refresh r, admin.sign_up_totals_at(r.as_of) f WHERE r.part = 'statistics' WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX sign_up_totals_by_time ON admin.sign_up_totals (at);

CREATE MATERIALIZED VIEW admin.invitation_totals AS
SELECT f.* FROM admin.totals_refresh r, admin.invitation_totals_at(r.as_of) f WHERE r.part = 'statistics' WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX invitation_totals_by_time ON admin.invitation_totals (at);

CREATE MATERIALIZED VIEW admin.invitation_group_totals AS
SELECT f.* FROM admin.totals_refresh r, admin.invitation_group_totals_at(r.as_of) f WHERE r.part = 'statistics' WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX invitation_group_totals_by_time ON admin.invitation_group_totals (at, terms_version, campaign, channel);

CREATE MATERIALIZED VIEW admin.inviter_totals AS
SELECT f.* FROM admin.totals_refresh r, admin.inviter_totals_at(r.as_of) f WHERE r.part = 'statistics' WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX inviter_totals_by_inviter ON admin.inviter_totals (inviter_id);

CREATE MATERIALIZED VIEW admin.conversion_totals AS
SELECT f.* FROM admin.totals_refresh r, admin.conversion_totals_at(r.as_of) f WHERE r.part = 'statistics' WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX conversion_totals_by_time ON admin.conversion_totals (at, hours);

CREATE MATERIALIZED VIEW admin.credit_totals AS
SELECT f.* FROM admin.totals_refresh r, admin.credit_totals_at(r.as_of) f WHERE r.part = 'statistics' WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX credit_totals_by_time ON admin.credit_totals (at, purpose, currency);

CREATE MATERIALIZED VIEW admin.payment_totals AS
SELECT f.* FROM admin.totals_refresh r, admin.payment_totals_at(r.as_of) f WHERE r.part = 'statistics' WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX payment_totals_by_time ON admin.payment_totals (at, currency);

CREATE MATERIALIZED VIEW admin.click_totals AS
SELECT f.* FROM admin.totals_refresh r, admin.click_totals_at(r.as_of) f WHERE r.part = 'statistics' WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX click_totals_by_day ON admin.click_totals (day);

CREATE MATERIALIZED VIEW admin.unused_credit_totals AS
SELECT f.* FROM admin.totals_refresh r, admin.unused_credit_totals_at(r.as_of) f WHERE r.part = 'statistics' WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX unused_credit_totals_by_time ON admin.unused_credit_totals (at);

CREATE MATERIALIZED VIEW admin.liability_totals AS
SELECT f.* FROM admin.totals_refresh r, admin.liability_totals_at(r.as_of) f WHERE r.part = 'liability' WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX liability_totals_by_kind ON admin.liability_totals (kind, currency);
