-- The figures of the statistics, by quarters of an hour, since every time zone begins its days at one. A task
-- stores them; an installation with few people reads them without storing, by the functions.

-- When each part was stored last.
CREATE TABLE admin.figures_refresh (
  part  text PRIMARY KEY CONSTRAINT figures_refresh_part_is_known CHECK (part IN ('statistics', 'liability')),
  as_of timestamptz NOT NULL
);

-- Opened links, by the days (UTC) that they are counted by.
CREATE VIEW admin.link_click AS SELECT day, clicks FROM referral.link_click;

-- Whom each person has invited; invitations of merged accounts are those of the person. Nobody invites themselves.
CREATE VIEW admin.invitation AS
SELECT r.id, coalesce(m.into_id, r.referrer_id) AS inviter_id, r.linked_at
FROM referral.referral r LEFT JOIN platform.merged_account m ON m.from_id = r.referrer_id
WHERE r.referrer_id <> r.referred_id;

\ir functions/admin.figures.sql

CREATE MATERIALIZED VIEW admin.sign_up_figures AS
SELECT f.* FROM admin.figures_refresh r, admin.sign_up_figures_at(r.as_of) f WHERE r.part = 'statistics' WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX sign_up_figures_by_time ON admin.sign_up_figures (at);

CREATE MATERIALIZED VIEW admin.invitation_figures AS
SELECT f.* FROM admin.figures_refresh r, admin.invitation_figures_at(r.as_of) f WHERE r.part = 'statistics' WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX invitation_figures_by_time ON admin.invitation_figures (at);

CREATE MATERIALIZED VIEW admin.invitation_group_figures AS
SELECT f.* FROM admin.figures_refresh r, admin.invitation_group_figures_at(r.as_of) f WHERE r.part = 'statistics' WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX invitation_group_figures_by_time ON admin.invitation_group_figures (at, terms_version, campaign, channel);

CREATE MATERIALIZED VIEW admin.inviter_figures AS
SELECT f.* FROM admin.figures_refresh r, admin.inviter_figures_at(r.as_of) f WHERE r.part = 'statistics' WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX inviter_figures_by_inviter ON admin.inviter_figures (inviter_id);

CREATE MATERIALIZED VIEW admin.conversion_figures AS
SELECT f.* FROM admin.figures_refresh r, admin.conversion_figures_at(r.as_of) f WHERE r.part = 'statistics' WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX conversion_figures_by_time ON admin.conversion_figures (at, hours);

CREATE MATERIALIZED VIEW admin.credit_figures AS
SELECT f.* FROM admin.figures_refresh r, admin.credit_figures_at(r.as_of) f WHERE r.part = 'statistics' WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX credit_figures_by_time ON admin.credit_figures (at, purpose, currency);

CREATE MATERIALIZED VIEW admin.payment_figures AS
SELECT f.* FROM admin.figures_refresh r, admin.payment_figures_at(r.as_of) f WHERE r.part = 'statistics' WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX payment_figures_by_time ON admin.payment_figures (at, currency);

CREATE MATERIALIZED VIEW admin.click_figures AS
SELECT f.* FROM admin.figures_refresh r, admin.click_figures_at(r.as_of) f WHERE r.part = 'statistics' WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX click_figures_by_day ON admin.click_figures (day);

CREATE MATERIALIZED VIEW admin.unused_credit_figures AS
SELECT f.* FROM admin.figures_refresh r, admin.unused_credit_figures_at(r.as_of) f WHERE r.part = 'statistics' WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX unused_credit_figures_by_time ON admin.unused_credit_figures (at);

CREATE MATERIALIZED VIEW admin.liability_figures AS
SELECT f.* FROM admin.figures_refresh r, admin.liability_figures_at(r.as_of) f WHERE r.part = 'liability' WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX liability_figures_by_kind ON admin.liability_figures (kind, currency);
