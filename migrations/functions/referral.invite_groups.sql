-- The invitations of a person in all of their accounts, together where the same decides what becomes of them: few rows,
-- however many they are. `months` are the beginnings of months, the oldest first: `month` is the one that a person was invited
-- in, null before the first. `active`: how many of their
-- credits are still inside the days that they were given for; `earned_ms`: what all of them earned, `held_ms` what each
-- of those on hold has; `is_granted`: null where none was credited.
CREATE OR REPLACE FUNCTION referral.invite_groups_by_months(account uuid, moment timestamptz, months timestamptz[])
RETURNS TABLE (invites integer, active integer, month timestamptz, referrer_id uuid, has_referrer boolean, terms_version integer,
  closed_at timestamptz, rewarded_elsewhere_at timestamptz, converted_at timestamptz, credited_at timestamptz, state text, reasons text[],
  flags text[], holds text[], release_at timestamptz, capped boolean, outcome text, decision text, has_paid boolean,
  may_still_qualify boolean, is_granted boolean, earned_ms bigint, held_ms bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT count(*)::integer,
         count(*) FILTER (WHERE s.state = 'granted' AND e.is_granted AND e.credited_at + t.referrer_days * interval '24 hours' > $2)::integer,
         $3[width_bucket(r.linked_at, $3)] AS month,
         r.referrer_id, r.referrer_id <> r.referred_id, r.terms_version, max(r.closed_at), max(r.rewarded_elsewhere_at), max(c.converted_at),
         max(s.credited_at), s.state, s.reasons, NULL::text[], s.holds, max(s.release_at), s.capped, v.outcome, v.decision,
         a.first_paid_at IS NOT NULL, coalesce(a.recheck_each_payment, false), e.is_granted, coalesce(sum(e.earned_ms), 0)::bigint,
         CASE WHEN s.state = 'held' THEN e.earned_ms END
  FROM unnest(platform.all_accounts_of($1)) AS own (id)
  -- by LATERAL and LIMIT or OFFSET, so that no plan reads the invitations of others and what belongs to them
  CROSS JOIN LATERAL (SELECT * FROM referral.referral WHERE referrer_id = own.id OFFSET 0) r
  JOIN referral.terms t ON t.version = r.terms_version
  LEFT JOIN LATERAL (SELECT * FROM referral.conversion WHERE referral_id = r.id LIMIT 1) c ON true
  LEFT JOIN LATERAL (SELECT * FROM referral.reward_status WHERE conversion_id = c.id LIMIT 1) s ON true
  LEFT JOIN LATERAL (SELECT * FROM referral.review WHERE referral_id = r.id LIMIT 1) v ON true
  LEFT JOIN LATERAL (SELECT * FROM billing.account WHERE user_id = r.referred_id AND c.id IS NULL LIMIT 1) a ON true
  LEFT JOIN LATERAL (
    SELECT sum(duration_ms)::bigint AS earned_ms, min(at) AS credited_at,
           (array_agg(kind ORDER BY revision DESC))[1] NOT IN ('reversal', 'admin_revoke') AS is_granted
    FROM credit.entry
    WHERE conversion_id = c.id AND side = 'referrer' AND user_id = ANY ((SELECT platform.all_accounts_of($1))::uuid[])) e ON true
  GROUP BY 3, 4, 5, 6, r.closed_at IS NULL, r.rewarded_elsewhere_at IS NULL, c.id IS NULL, s.credited_at IS NULL, 11, 12, 14, 16, 17, 18,
           19, 20, 21, 23
$$;

-- The same by the twelve months up to the moment, in UTC.
CREATE OR REPLACE FUNCTION referral.invite_groups(account uuid, moment timestamptz)
RETURNS TABLE (invites integer, active integer, month timestamptz, referrer_id uuid, has_referrer boolean, terms_version integer,
  closed_at timestamptz, rewarded_elsewhere_at timestamptz, converted_at timestamptz, credited_at timestamptz, state text, reasons text[],
  flags text[], holds text[], release_at timestamptz, capped boolean, outcome text, decision text, has_paid boolean,
  may_still_qualify boolean, is_granted boolean, earned_ms bigint, held_ms bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT g.* FROM referral.invite_groups_by_months($1, $2, ARRAY(
    SELECT date_trunc('month', $2, 'UTC') - n * interval '1 month' FROM generate_series(11, 0, -1) n)) g
$$;

-- The same by the months of a person, or of people with more than a thousand invitations as it is stored by those of UTC:
-- `as_of` says when; null: counted now. In PL/pgSQL, so that no large plan begins for people without an invitation, as most are.
CREATE OR REPLACE FUNCTION referral.invite_groups_of(account uuid, moment timestamptz, months timestamptz[])
RETURNS TABLE (as_of timestamptz, invites integer, active integer, month timestamptz, referrer_id uuid, has_referrer boolean, terms_version integer,
  closed_at timestamptz, rewarded_elsewhere_at timestamptz, converted_at timestamptz, credited_at timestamptz, state text, reasons text[],
  flags text[], holds text[], release_at timestamptz, capped boolean, outcome text, decision text, has_paid boolean,
  may_still_qualify boolean, is_granted boolean, earned_ms bigint, held_ms bigint)
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  IF EXISTS (SELECT FROM referral.invite_totals s WHERE s.inviter_id = $1) THEN
    RETURN QUERY
      SELECT s.as_of, s.invites, s.active, s.month, s.referrer_id, s.has_referrer, s.terms_version, s.closed_at, s.rewarded_elsewhere_at,
             s.converted_at, s.credited_at, s.state, s.reasons, s.flags, s.holds, s.release_at, s.capped, s.outcome, s.decision, s.has_paid,
             s.may_still_qualify, s.is_granted, s.earned_ms, s.held_ms
      FROM referral.invite_totals s WHERE s.inviter_id = $1;
  ELSIF EXISTS (
    SELECT FROM unnest(platform.all_accounts_of($1)) AS own (id)
    CROSS JOIN LATERAL (SELECT FROM referral.referral r WHERE r.referrer_id = own.id LIMIT 1) first_invite
  ) THEN
    RETURN QUERY SELECT NULL::timestamptz, g.* FROM referral.invite_groups_by_months($1, $2, $3) g;
  END IF;
END $$;
