-- The invitations of a person in all of their accounts, together where the same decides what becomes of them: few rows,
-- however many they are. `active`: how many of their credits are still inside the days that they were given for.
-- `earned_ms` is of one invitation, where that decides what is still to come; `is_granted`: null where none was credited.
CREATE OR REPLACE FUNCTION referral.invite_groups(account uuid, moment timestamptz)
RETURNS TABLE (invites integer, active integer, referrer_id uuid, has_referrer boolean, terms_version integer, closed_at timestamptz,
  rewarded_elsewhere_at timestamptz, converted_at timestamptz, credited_at timestamptz, state text, reasons text[], flags text[],
  holds text[], release_at timestamptz, capped boolean, outcome text, decision text, has_paid boolean, may_still_qualify boolean,
  is_granted boolean, earned_ms bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT count(*)::integer,
         count(*) FILTER (WHERE s.state = 'granted' AND e.is_granted AND e.credited_at + t.referrer_days * interval '24 hours' > moment)::integer,
         r.referrer_id, r.referrer_id <> r.referred_id, r.terms_version, max(r.closed_at), max(r.rewarded_elsewhere_at), max(c.converted_at), max(s.credited_at),
         s.state, s.reasons, NULL::text[], s.holds, max(s.release_at), s.capped, v.outcome, v.decision, a.first_paid_at IS NOT NULL,
         coalesce(a.recheck_each_payment, false), e.is_granted, CASE WHEN s.state = 'held' THEN e.earned_ms END
  FROM unnest(platform.all_accounts_of(account)) AS own (id)
  JOIN referral.referral r ON r.referrer_id = own.id
  JOIN referral.terms t ON t.version = r.terms_version
  -- by LATERAL and LIMIT, so that no plan reads what belongs to the invitations of others
  LEFT JOIN LATERAL (SELECT * FROM referral.conversion WHERE referral_id = r.id LIMIT 1) c ON true
  LEFT JOIN LATERAL (SELECT * FROM referral.reward_status WHERE conversion_id = c.id LIMIT 1) s ON true
  LEFT JOIN LATERAL (SELECT * FROM referral.review WHERE referral_id = r.id LIMIT 1) v ON true
  LEFT JOIN LATERAL (SELECT * FROM billing.account WHERE user_id = r.referred_id AND c.id IS NULL LIMIT 1) a ON true
  LEFT JOIN LATERAL (
    SELECT sum(duration_ms)::bigint AS earned_ms, min(at) AS credited_at,
           (array_agg(kind ORDER BY revision DESC))[1] NOT IN ('reversal', 'admin_revoke') AS is_granted
    FROM credit.entry WHERE conversion_id = c.id AND side = 'referrer' AND user_id = ANY (platform.all_accounts_of(account))) e ON true
  GROUP BY r.referrer_id, r.referrer_id <> r.referred_id, r.terms_version, r.closed_at IS NULL, r.rewarded_elsewhere_at IS NULL, c.id IS NULL,
           s.credited_at IS NULL, s.state, s.reasons, s.holds, s.capped, v.outcome, v.decision, a.first_paid_at IS NOT NULL,
           coalesce(a.recheck_each_payment, false), e.is_granted, CASE WHEN s.state = 'held' THEN e.earned_ms END
$$;
