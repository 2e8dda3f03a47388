-- Opened links by the way they were shared, for the statistics.

-- By the days (UTC) that they are counted by.
CREATE VIEW admin.channel_click AS SELECT day, channel, clicks FROM referral.channel_click;

\ir functions/admin.totals.sql

CREATE MATERIALIZED VIEW admin.channel_click_totals AS
SELECT f.* FROM admin.totals_refresh r, admin.channel_click_totals_at(r.as_of) f WHERE r.part = 'statistics' WITH NO DATA;
-- safe beside the release before: the view is new, and empty
CREATE UNIQUE INDEX channel_click_totals_by_day ON admin.channel_click_totals (day, channel);

-- An installation that has stored its totals has these at once, too.
DO $$
BEGIN
  IF (SELECT relispopulated FROM pg_class WHERE oid = 'admin.click_totals'::regclass) THEN
    REFRESH MATERIALIZED VIEW admin.channel_click_totals;
  END IF;
END $$;

-- safe beside the release before: no release has had it; the one that takes months has its name
DROP FUNCTION IF EXISTS referral.invite_groups_of(uuid, timestamptz);
