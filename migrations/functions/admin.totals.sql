-- What the statistics add up, as of a moment. `at` is the beginning of a quarter of an hour. The materialized
-- views of the same names hold what these functions answered when they were last refreshed.

-- People who joined: all accounts, those that are not merged into another one, those who ever paid, who pay
-- now, and whom these people have referred.
CREATE OR REPLACE FUNCTION admin.sign_up_totals_at(as_of timestamptz)
RETURNS TABLE (at timestamptz, signed_up integer, joined integer, paid integer, paying integer, invited integer, invited_paying integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT date_bin('15 minutes', person.created_at, '2000-01-01T00:00:00Z'), sum(person.signed_up)::integer, sum(person.joined)::integer,
         sum(person.paid)::integer, sum(person.paying)::integer, sum(person.invited)::integer, sum(person.invited_paying)::integer
  FROM (SELECT u.created_at, 1 AS signed_up, (m.from_id IS NULL)::integer AS joined, (a.first_paid_at IS NOT NULL)::integer AS paid,
               (a.tier = 'paid' AND (a.tier_expires_at IS NULL OR a.tier_expires_at > as_of))::integer AS paying, 0 AS invited, 0 AS invited_paying
        FROM auth."user" u LEFT JOIN platform.merged_account m ON m.from_id = u.id LEFT JOIN billing.account a ON a.user_id = u.id
        UNION ALL
        SELECT r.joined_at, 0, 0, 0, 0, 1, (c.id IS NOT NULL)::integer
        FROM admin.referrer_account r JOIN referral.referral i ON i.referrer_id = r.account_id
        LEFT JOIN referral.conversion c ON c.referral_id = i.id) person
  GROUP BY 1
$$;

-- What happened: sign-ups, invitations, conversions, and days of credit given and taken, in milliseconds.
CREATE OR REPLACE FUNCTION admin.activity_totals_at(as_of timestamptz)
RETURNS TABLE (at timestamptz, signed_up integer, invited integer, converted integer, given_ms bigint, taken_ms bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT date_bin('15 minutes', happened.at, '2000-01-01T00:00:00Z'), sum(happened.signed_up)::integer, sum(happened.invited)::integer,
         sum(happened.converted)::integer, sum(greatest(happened.duration_ms, 0))::bigint, sum(least(happened.duration_ms, 0))::bigint
  FROM (SELECT u.created_at AS at, 1 AS signed_up, 0 AS invited, 0 AS converted, 0::bigint AS duration_ms FROM admin.sign_up u
        UNION ALL SELECT r.linked_at, 0, 1, 0, 0 FROM admin.referral_time r
        UNION ALL SELECT c.converted_at, 0, 0, 1, 0 FROM admin.conversion_time c
        UNION ALL SELECT e.at, 0, 0, 0, e.duration_ms FROM admin.credit_entry e) happened
  GROUP BY 1
$$;

-- Invitations by the time of the sign-up, and how far these people have come. `credited_days` are what their terms
-- gave to both sides.
CREATE OR REPLACE FUNCTION admin.invitation_totals_at(as_of timestamptz)
RETURNS TABLE (at timestamptz, invited integer, paid integer, credited integer, paying integer, credited_days integer,
  pending integer, held integer, converted integer, suspended integer, reversed integer, rejected integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT date_bin('15 minutes', s.linked_at, '2000-01-01T00:00:00Z'), count(*)::integer, count(s.conversion_id)::integer, count(s.credited_at)::integer,
         count(*) FILTER (WHERE s.conversion_id IS NOT NULL AND a.tier = 'paid' AND (a.tier_expires_at IS NULL OR a.tier_expires_at > as_of))::integer,
         coalesce(sum(s.referrer_days + s.referred_days) FILTER (WHERE s.credited_at IS NOT NULL), 0)::integer,
         count(*) FILTER (WHERE s.status = 'pending')::integer, count(*) FILTER (WHERE s.status = 'held')::integer, count(*) FILTER (WHERE s.status = 'converted')::integer,
         count(*) FILTER (WHERE s.status = 'suspended')::integer, count(*) FILTER (WHERE s.status = 'reversed')::integer, count(*) FILTER (WHERE s.status = 'rejected')::integer
  FROM admin.referral_stat s JOIN referral.referral r ON r.id = s.id LEFT JOIN billing.account a ON a.user_id = r.referred_id
  GROUP BY 1
$$;

-- The same by terms, campaign and channel; empty where the link named none. A channel is how the link was shared, or
-- else its source.
CREATE OR REPLACE FUNCTION admin.invitation_group_totals_at(as_of timestamptz)
RETURNS TABLE (at timestamptz, terms_version integer, campaign text, channel text,
  invited integer, paid integer, credited integer, paying integer, credited_days integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT date_bin('15 minutes', s.linked_at, '2000-01-01T00:00:00Z'), s.terms_version,
         coalesce(left(r.campaign ->> 'campaign', 100), ''), left(coalesce(r.campaign ->> 'channel', r.campaign ->> 'source', ''), 100),
         count(*)::integer, count(s.conversion_id)::integer, count(s.credited_at)::integer,
         count(*) FILTER (WHERE s.conversion_id IS NOT NULL AND a.tier = 'paid' AND (a.tier_expires_at IS NULL OR a.tier_expires_at > as_of))::integer,
         coalesce(sum(s.referrer_days + s.referred_days) FILTER (WHERE s.credited_at IS NOT NULL), 0)::integer
  FROM admin.referral_stat s JOIN referral.referral r ON r.id = s.id LEFT JOIN billing.account a ON a.user_id = r.referred_id
  GROUP BY 1, 2, 3, 4
$$;

-- The thousand people who have invited most, with all of their accounts. Another person who leads in some time has invited no
-- more than any of them.
CREATE OR REPLACE FUNCTION admin.inviter_totals_at(as_of timestamptz)
RETURNS TABLE (inviter_id uuid, accounts uuid[], invited integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT top.inviter_id, ARRAY[top.inviter_id] || ARRAY(SELECT m.from_id FROM platform.merged_account m WHERE m.into_id = top.inviter_id), top.invited
  FROM (SELECT i.inviter_id, count(*)::integer AS invited FROM admin.invitation i GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1000) top
$$;

-- First payments of invited people, by how many whole hours after the sign-up they were made; -1: not known.
CREATE OR REPLACE FUNCTION admin.conversion_totals_at(as_of timestamptz)
RETURNS TABLE (at timestamptz, hours integer, conversions integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT date_bin('15 minutes', converted_at, '2000-01-01T00:00:00Z'),
         coalesce(greatest(0, round(extract(epoch FROM paid_at - linked_at) / 3600)), -1)::integer, count(*)::integer
  FROM admin.referral_stat WHERE conversion_id IS NOT NULL GROUP BY 1, 2
$$;

-- Days of credit that were given and taken, in milliseconds. `currency` is that of the payment; empty where there was none.
CREATE OR REPLACE FUNCTION admin.credit_totals_at(as_of timestamptz)
RETURNS TABLE (at timestamptz, purpose text, currency text, given_ms bigint, taken_ms bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT date_bin('15 minutes', e.at, '2000-01-01T00:00:00Z'), e.purpose, coalesce(e.currency, ''),
         sum(greatest(e.duration_ms, 0))::bigint, sum(least(e.duration_ms, 0))::bigint
  FROM admin.credit_entry e GROUP BY 1, 2, 3
$$;

-- Payments, with what they are for: the sum of their periods, in seconds.
CREATE OR REPLACE FUNCTION admin.payment_totals_at(as_of timestamptz)
RETURNS TABLE (at timestamptz, currency text, payments integer, amount bigint, seconds bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT date_bin('15 minutes', i.paid_at, '2000-01-01T00:00:00Z'), i.currency, count(*)::integer, sum(i.amount_paid)::bigint, sum(extract(epoch FROM i.period))::bigint
  FROM admin.invoice_period i GROUP BY 1, 2
$$;

CREATE OR REPLACE FUNCTION admin.click_totals_at(as_of timestamptz) RETURNS TABLE (day date, clicks integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT c.day, sum(c.clicks)::integer FROM admin.link_click c GROUP BY 1 $$;

-- The same by the way a link was shared; a link that does not say it is counted only above.
CREATE OR REPLACE FUNCTION admin.channel_click_totals_at(as_of timestamptz) RETURNS TABLE (day date, channel text, clicks integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT c.day, c.channel, sum(c.clicks)::integer FROM admin.channel_click c GROUP BY 1, 2 $$;

-- The unused days of all accounts at the end of each of the last 27 weeks, in milliseconds: the last entry of each
-- account before a moment says until when its credit reached then.
CREATE OR REPLACE FUNCTION admin.unused_credit_totals_at(as_of timestamptz) RETURNS TABLE (at timestamptz, unused_ms bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT week, coalesce(sum(extract(epoch FROM e.until_after - week) * 1000), 0)::bigint
  FROM (SELECT as_of - n * interval '7 days' AS week FROM generate_series(0, 26) n) weeks
  LEFT JOIN (SELECT own.at, own.until_after, lead(own.at, 1, 'infinity') OVER (PARTITION BY own.user_id ORDER BY own.seq) AS next_at
             FROM credit.entry own) e ON e.at <= week AND week < e.next_at AND e.until_after > week
  GROUP BY 1
$$;

-- What is still owed: days that people have ahead (`ahead`), rewards on hold (`held`), and the rewards of everybody who was
-- invited and may still pay (`pending`). `currency` is the one last paid in; empty where nothing was paid.
CREATE OR REPLACE FUNCTION admin.liability_totals_at(as_of timestamptz)
RETURNS TABLE (kind text, currency text, items integer, days float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT 'ahead', coalesce(c.currency, ''), count(*)::integer, (sum(extract(epoch FROM c.until - as_of)) / 86400)::float8
  FROM admin.remaining_credit c WHERE c.until > as_of GROUP BY 2
  UNION ALL
  SELECT 'held', coalesce(s.currency, ''), count(*)::integer, sum(s.referrer_days + s.referred_days)::float8
  -- the state is indexed, the status is computed
  FROM admin.referral_stat s WHERE s.state = 'held' AND s.status = 'held' GROUP BY 2
  UNION ALL
  SELECT 'pending', '', count(*)::integer, coalesce(sum(s.referrer_days + s.referred_days), 0)::float8
  FROM admin.referral_stat s WHERE s.conversion_id IS NULL AND s.status = 'pending'
$$;

-- Referrals by version of the terms, and the conversions among them by the state of their reward.
CREATE OR REPLACE FUNCTION admin.terms_totals_at(as_of timestamptz)
RETURNS TABLE (terms_version integer, referrals integer, granted integer, held integer, suspended integer, reversed integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT r.terms_version, count(*)::integer,
         count(*) FILTER (WHERE s.state = 'granted')::integer, count(*) FILTER (WHERE s.state = 'held')::integer,
         count(*) FILTER (WHERE s.state = 'suspended')::integer, count(*) FILTER (WHERE s.state = 'reversed')::integer
  FROM referral.referral r LEFT JOIN referral.conversion c ON c.referral_id = r.id
  LEFT JOIN referral.reward_status s ON s.conversion_id = c.id GROUP BY 1
$$;

-- The parts of a period, from the beginning of a quarter of an hour until before that of another: as many times 32 days
-- as it holds, then days, then quarters of an hour (`days` is 0).
CREATE OR REPLACE FUNCTION admin.parts_of_period(since timestamptz, until timestamptz) RETURNS TABLE (days integer, since timestamptz, until timestamptz)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 5 AS $$
  SELECT part.days, part.since, part.until
  FROM (SELECT date_bin('1 day', $1 + interval '23:45', '2000-01-01T00:00:00Z') AS first_day, date_bin('1 day', $2, '2000-01-01T00:00:00Z') AS last_day) d,
  LATERAL (SELECT date_bin('32 days', d.first_day + interval '31 days', '2000-01-01T00:00:00Z') AS first_block,
                  date_bin('32 days', d.last_day, '2000-01-01T00:00:00Z') AS last_block) b,
  LATERAL (VALUES (0, $1, least(d.first_day, $2)), (0, greatest(d.last_day, d.first_day), $2),
                  (1, d.first_day, least(b.first_block, d.last_day)), (1, greatest(b.last_block, b.first_block), d.last_day),
                  (32, b.first_block, b.last_block)) part (days, since, until)
  WHERE part.since < part.until
$$;

-- Stored totals whose sums are those of a period. They answer few rows for a long one.
CREATE OR REPLACE FUNCTION admin.activity_totals_between(since timestamptz, until timestamptz)
RETURNS TABLE (signed_up integer, invited integer, converted integer, given_ms bigint, taken_ms bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT own.* FROM admin.parts_of_period($1, $2) part CROSS JOIN LATERAL (
    SELECT signed_up, invited, converted, given_ms, taken_ms
    FROM admin.activity_totals WHERE part.days = 0 AND at >= part.since AND at < part.until
    UNION ALL
    SELECT signed_up, invited, converted, given_ms, taken_ms
    FROM admin.activity_totals_by_days WHERE days = part.days AND at >= part.since AND at < part.until) own
$$;

CREATE OR REPLACE FUNCTION admin.sign_up_totals_between(since timestamptz, until timestamptz)
RETURNS TABLE (signed_up integer, joined integer, paid integer, paying integer, invited integer, invited_paying integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT own.* FROM admin.parts_of_period($1, $2) part CROSS JOIN LATERAL (
    SELECT signed_up, joined, paid, paying, invited, invited_paying
    FROM admin.sign_up_totals WHERE part.days = 0 AND at >= part.since AND at < part.until
    UNION ALL
    SELECT signed_up, joined, paid, paying, invited, invited_paying
    FROM admin.sign_up_totals_by_days WHERE days = part.days AND at >= part.since AND at < part.until) own
$$;

CREATE OR REPLACE FUNCTION admin.invitation_totals_between(since timestamptz, until timestamptz)
RETURNS TABLE (invited integer, paid integer, credited integer, paying integer, credited_days integer, pending integer, held integer, converted integer, suspended integer, reversed integer, rejected integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT own.* FROM admin.parts_of_period($1, $2) part CROSS JOIN LATERAL (
    SELECT invited, paid, credited, paying, credited_days, pending, held, converted, suspended, reversed, rejected
    FROM admin.invitation_totals WHERE part.days = 0 AND at >= part.since AND at < part.until
    UNION ALL
    SELECT invited, paid, credited, paying, credited_days, pending, held, converted, suspended, reversed, rejected
    FROM admin.invitation_totals_by_days WHERE days = part.days AND at >= part.since AND at < part.until) own
$$;

CREATE OR REPLACE FUNCTION admin.invitation_group_totals_between(since timestamptz, until timestamptz)
RETURNS TABLE (terms_version integer, campaign text, channel text, invited integer, paid integer, credited integer, paying integer, credited_days integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT own.* FROM admin.parts_of_period($1, $2) part CROSS JOIN LATERAL (
    SELECT terms_version, campaign, channel, invited, paid, credited, paying, credited_days
    FROM admin.invitation_group_totals WHERE part.days = 0 AND at >= part.since AND at < part.until
    UNION ALL
    SELECT terms_version, campaign, channel, invited, paid, credited, paying, credited_days
    FROM admin.invitation_group_totals_by_days WHERE days = part.days AND at >= part.since AND at < part.until) own
$$;

CREATE OR REPLACE FUNCTION admin.conversion_totals_between(since timestamptz, until timestamptz)
RETURNS TABLE (hours integer, conversions integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT own.* FROM admin.parts_of_period($1, $2) part CROSS JOIN LATERAL (
    SELECT hours, conversions
    FROM admin.conversion_totals WHERE part.days = 0 AND at >= part.since AND at < part.until
    UNION ALL
    SELECT hours, conversions
    FROM admin.conversion_totals_by_days WHERE days = part.days AND at >= part.since AND at < part.until) own
$$;

CREATE OR REPLACE FUNCTION admin.credit_totals_between(since timestamptz, until timestamptz)
RETURNS TABLE (purpose text, currency text, given_ms bigint, taken_ms bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT own.* FROM admin.parts_of_period($1, $2) part CROSS JOIN LATERAL (
    SELECT purpose, currency, given_ms, taken_ms
    FROM admin.credit_totals WHERE part.days = 0 AND at >= part.since AND at < part.until
    UNION ALL
    SELECT purpose, currency, given_ms, taken_ms
    FROM admin.credit_totals_by_days WHERE days = part.days AND at >= part.since AND at < part.until) own
$$;

CREATE OR REPLACE FUNCTION admin.payment_totals_between(since timestamptz, until timestamptz)
RETURNS TABLE (currency text, payments integer, amount bigint, seconds bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT own.* FROM admin.parts_of_period($1, $2) part CROSS JOIN LATERAL (
    SELECT currency, payments, amount, seconds
    FROM admin.payment_totals WHERE part.days = 0 AND at >= part.since AND at < part.until
    UNION ALL
    SELECT currency, payments, amount, seconds
    FROM admin.payment_totals_by_days WHERE days = part.days AND at >= part.since AND at < part.until) own
$$;

-- The materialized views of a part, each behind those that it reads.
CREATE OR REPLACE FUNCTION admin.views_of_totals(wanted text) RETURNS regclass[]
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE wanted WHEN 'liability' THEN ARRAY['admin.liability_totals'] WHEN 'statistics' THEN ARRAY[
    'admin.activity_totals', 'admin.sign_up_totals', 'admin.invitation_totals', 'admin.invitation_group_totals', 'admin.inviter_totals',
    'admin.conversion_totals', 'admin.credit_totals', 'admin.payment_totals', 'admin.click_totals', 'admin.channel_click_totals', 'admin.unused_credit_totals', 'admin.terms_totals', 'referral.invite_totals',
    'admin.activity_totals_by_days', 'admin.sign_up_totals_by_days', 'admin.invitation_totals_by_days', 'admin.invitation_group_totals_by_days',
    'admin.conversion_totals_by_days', 'admin.credit_totals_by_days', 'admin.payment_totals_by_days'] END::regclass[]
$$;

-- As of when a part is stored; null: not at all, or not all of it, such as after an upgrade.
CREATE OR REPLACE FUNCTION admin.totals_stored_at(wanted text) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT r.as_of FROM admin.totals_refresh r WHERE r.part = wanted
    AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = ANY (admin.views_of_totals(wanted)) AND NOT c.relispopulated)
$$;

-- Stores a part of the totals again, as of a moment. Runs as the owner, since no other role may refresh a
-- materialized view. One at a time: the others wait.
CREATE OR REPLACE FUNCTION admin.refresh_totals(wanted text, moment timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  totals regclass;
  is_filled boolean;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('admin.totals.' || wanted, 0));
  INSERT INTO admin.totals_refresh AS r (part, as_of) VALUES (wanted, moment)
  ON CONFLICT (part) DO UPDATE SET as_of = excluded.as_of;
  FOREACH totals IN ARRAY admin.views_of_totals(wanted) LOOP
    SELECT c.relispopulated INTO is_filled FROM pg_class c WHERE c.oid = totals;
    -- readers go on meanwhile; the first time there is nothing to read
    EXECUTE format('REFRESH MATERIALIZED VIEW %s %s', CASE WHEN is_filled THEN 'CONCURRENTLY' ELSE '' END, totals);
  END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION admin.refresh_totals(text, timestamptz) FROM PUBLIC;
