-- Fills an empty, migrated database with plausible data, table by table. `:users`, `:seed` and `:until` are
-- put in by generate.mjs, which runs the steps in one transaction, without triggers and foreign keys: they
-- would only find what is written here. Everything follows from a person's number and the seed, so that the
-- same three values give the same data.

-- step: people
CREATE SCHEMA generated;

-- A number from 0 to below 1 for a person (or payment) `n`; another one for each `what`.
CREATE FUNCTION generated.chance(n bigint, what integer) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT (hashint8extended(n, :seed * 1000::bigint + what) & 9007199254740991)::float8 / 9007199254740992.0 $$;

-- A UUID version 7: sorted by time, as the application makes them. `kind` is three hexadecimal digits.
CREATE FUNCTION generated.id(kind text, n bigint, at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT (lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || kind
           || '8' || lpad(to_hex(:seed % 4096), 3, '0') || lpad(to_hex(n), 12, '0'))::uuid $$;

-- Eight characters of the alphabet. The factor spreads neighbours; 31 is prime, so no two are the same.
CREATE FUNCTION generated.letter(place bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT substr('ABCDEFGHJKMNPQRSTUVWXYZ23456789', 1 + (place % 31)::integer, 1) $$;
CREATE FUNCTION generated.code(n bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT generated.letter(spread / 27512614111) || generated.letter(spread / 887503681) || generated.letter(spread / 28629151) || generated.letter(spread / 923521) ||
          generated.letter(spread / 29791) || generated.letter(spread / 961) || generated.letter(spread / 31) || generated.letter(spread / 1)
   FROM (SELECT (n * 387420489 + :seed * 7919::bigint) % 852891037441 AS spread OFFSET 0) code $$;

-- How the link that a person came by was shared; null: it did not say.
CREATE FUNCTION generated.channel(n bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN generated.chance(n, 34) < 0.66 THEN
     (ARRAY['whatsapp','copy','email','share','telegram','x','linkedin','qr'])[1 + floor(8 * power(generated.chance(n, 35), 2))::integer] END $$;

-- The programme's terms: the first ones; a hold of 14 days and a reward for every fifth friend after half a year; a
-- campaign of five weeks, with a cap and a budget that are not reached.
CREATE UNLOGGED TABLE generated.terms AS
SELECT version, referrer_days, referred_days, hold_days, cap_conversions, cap_window_days, budget_days, milestone_every, milestone_days, valid_from, valid_until
FROM (VALUES (1, 45, 45, 0, NULL, NULL, NULL, NULL, NULL, -550, NULL), (2, 45, 45, 14, NULL, NULL, NULL, 5, 30, -365, NULL),
             (3, 60, 30, 14, 1000, 30, 1000 + 3 * :users, NULL, NULL, -120, -85))
  AS t (version, referrer_days, referred_days, hold_days, cap_conversions, cap_window_days, budget_days, milestone_every, milestone_days, from_day, until_day),
  LATERAL (SELECT ':until'::timestamptz + from_day * interval '1 day' AS valid_from,
                  ':until'::timestamptz + until_day * interval '1 day' AS valid_until) span;
INSERT INTO referral.terms (version, referrer_days, referred_days, hold_days, cap_conversions, cap_window_days, budget_days, milestone_every, milestone_days,
  valid_from, valid_until, published_at)
SELECT version, referrer_days, referred_days, hold_days, cap_conversions, cap_window_days, budget_days, milestone_every, milestone_days, valid_from, valid_until, valid_from
FROM generated.terms
ON CONFLICT (version) DO NOTHING;
UPDATE generated.terms own SET referrer_days = t.referrer_days, referred_days = t.referred_days, hold_days = t.hold_days
FROM referral.terms t WHERE t.version = own.version;

-- Everybody in the order in which they joined, more of them every month. Whoever was invited was so by
-- somebody before them: half of the invitations by a few who invite many.
CREATE UNLOGGED TABLE generated.person AS
SELECT n, generated.id('0a0', n, joined_at) AS id, joined_at, inviter, terms_version,
       CASE WHEN generated.chance(n, 7) < 0.15 THEN interval '365 days' ELSE interval '30 days' END AS period,
       CASE WHEN generated.chance(n, 9) < 0.6 THEN 'usd' WHEN generated.chance(n, 9) < 0.9 THEN 'eur' ELSE 'gbp' END AS currency,
       CASE WHEN first_paid_at < ':until'::timestamptz - interval '2 minutes' THEN first_paid_at END AS first_paid_at
FROM (SELECT n, joined_at, CASE WHEN is_invited THEN
               1 + floor((n - 1) * power(generated.chance(n, 3), CASE WHEN generated.chance(n, 4) < 0.5 THEN 2 ELSE 1 END))::bigint
             END AS inviter,
             CASE WHEN NOT is_invited THEN NULL
                  WHEN joined_at >= ':until'::timestamptz - interval '120 days' AND joined_at < ':until'::timestamptz - interval '85 days' THEN 3
                  WHEN joined_at >= ':until'::timestamptz - interval '365 days' THEN 2 ELSE 1 END AS terms_version,
             CASE WHEN generated.chance(n, 5) < CASE WHEN is_invited THEN 0.3 ELSE 0.16 END THEN
               date_trunc('second', joined_at + interval '1 minute' - ln(1 - generated.chance(n, 6)) * 9 * interval '1 day')
             END AS first_paid_at
      FROM (SELECT n, n > 10 AND generated.chance(n, 2) < 0.55 AS is_invited,
                   date_trunc('milliseconds', ':until'::timestamptz
                     - 548 * interval '1 day' * (1 - sqrt((n - generated.chance(n, 1)) / :users::float8))) AS joined_at
            FROM generate_series(1, :users::bigint) n) numbered) person;
ALTER TABLE generated.person ADD PRIMARY KEY (n);
ANALYZE generated.person;

INSERT INTO auth."user" (id, email, display_name, locale, time_zone, created_at)
SELECT id, 'person' || n || '.' || substr(md5(:seed || '.' || n), 1, 8) || '@example.org',
       CASE WHEN generated.chance(n, 20) < 0.6 THEN
         (ARRAY['Anna','Bert','Carla','David','Elif','Farid','Greta','Hugo','Ines','Jonas','Kira','Luca','Mila','Noah','Olga','Paul','Rosa','Samir','Tilda','Yusuf'])[1 + floor(generated.chance(n, 21) * 20)::integer]
         || ' ' || (ARRAY['Adler','Becker','Costa','Dubois','Ekman','Fischer','Garcia','Hansen','Ivanov','Jansen','Keller','Lopez','Moreau','Novak','Okafor','Peters','Rossi','Silva','Tanaka','Weber'])[1 + floor(generated.chance(n, 22) * 20)::integer]
       END,
       CASE WHEN generated.chance(n, 23) < 0.3 THEN 'de' ELSE 'en' END,
       CASE WHEN generated.chance(n, 23) < 0.3 THEN 'Europe/Berlin' WHEN generated.chance(n, 23) < 0.5 THEN 'America/New_York' ELSE 'UTC' END,
       joined_at
FROM generated.person ORDER BY n;

-- step: codes and link clicks
INSERT INTO referral.code (code, user_id, created_at) SELECT generated.code(n), id, joined_at FROM generated.person ORDER BY n;
-- Each invited person opened the link, and most looked at it before; two of three links say how they were shared.
CREATE UNLOGGED TABLE generated.click AS
SELECT inviter, day, generated.channel(n) AS channel, clicks FROM (
  SELECT n, inviter, (joined_at AT TIME ZONE 'UTC')::date AS day, 1 AS clicks FROM generated.person WHERE inviter IS NOT NULL
  UNION ALL
  SELECT n, inviter, (joined_at AT TIME ZONE 'UTC')::date - floor(generated.chance(n, 31) * 3)::integer, 1 + floor(generated.chance(n, 32) * 6)::integer
  FROM generated.person WHERE inviter IS NOT NULL AND generated.chance(n, 33) < 0.7) click
WHERE day >= (':until'::timestamptz AT TIME ZONE 'UTC')::date - 400;
INSERT INTO referral.link_click (code, day, clicks)
SELECT generated.code(inviter), day, sum(clicks) FROM generated.click GROUP BY inviter, day;
INSERT INTO referral.channel_click (code, day, channel, clicks)
SELECT generated.code(inviter), day, channel, sum(clicks) FROM generated.click WHERE channel IS NOT NULL GROUP BY inviter, day, channel;

-- step: payments
-- How many periods each payer stays for, and how the subscription stands at the end.
CREATE UNLOGGED TABLE generated.payer AS
SELECT *, CASE WHEN ends_at > ':until'::timestamptz THEN 'active' WHEN ends_at > ':until'::timestamptz - interval '7 days' THEN 'past_due' ELSE 'canceled' END AS status
FROM (SELECT n, id, currency, period, first_paid_at, payments, stays,
             first_paid_at + payments * period AS ends_at,
             CASE currency WHEN 'usd' THEN 1000 WHEN 'eur' THEN 900 ELSE 800 END * CASE WHEN period > interval '30 days' THEN 10 ELSE 1 END AS amount
      FROM (SELECT *, least(stays, 1 + floor(extract(epoch FROM ':until'::timestamptz - first_paid_at) / extract(epoch FROM period))::integer) AS payments
            FROM (SELECT n, id, currency, period, first_paid_at,
                         1 + floor(ln(1 - generated.chance(n, 8)) / ln(CASE WHEN period > interval '30 days' THEN 0.6 ELSE 0.86 END))::integer AS stays
                  FROM generated.person WHERE first_paid_at IS NOT NULL) staying) counted) payer;
ALTER TABLE generated.payer ADD PRIMARY KEY (n);
ANALYZE generated.payer;

INSERT INTO billing.account (user_id, tier, tier_expires_at, paid_through, first_paid_at)
SELECT person.id, CASE WHEN status IN ('active', 'past_due') THEN 'paid' ELSE 'free' END,
       CASE WHEN status = 'past_due' THEN ends_at + interval '7 days' END,
       CASE status WHEN 'active' THEN ends_at WHEN 'past_due' THEN ends_at + interval '7 days' END, payer.first_paid_at
FROM generated.person LEFT JOIN generated.payer USING (n) ORDER BY n;
INSERT INTO billing.customer (id, user_id, used_for_checkout, created_at)
SELECT 'cus_g:seed' || 'x' || n, id, true, first_paid_at - interval '1 minute' FROM generated.payer;
INSERT INTO billing.subscription (id, user_id, customer_id, status, price_id, grants_paid_tier, current_period_start, current_period_end,
  cancel_at_period_end, ended_at, paid_until, past_due_since, past_due_reported_at, other_status_reported_at, snapshot_at)
SELECT 'sub_g:seed' || 'x' || n, id, 'cus_g:seed' || 'x' || n, status, CASE WHEN period > interval '30 days' THEN 'price_year' ELSE 'price_month' END, true,
       CASE status WHEN 'past_due' THEN ends_at ELSE ends_at - period END, CASE status WHEN 'past_due' THEN ends_at + period ELSE ends_at END,
       status = 'active' AND payments = stays, CASE status WHEN 'canceled' THEN ends_at END, ends_at,
       CASE status WHEN 'past_due' THEN ends_at END, CASE status WHEN 'past_due' THEN ARRAY[ends_at] ELSE '{}' END,
       ends_at - period, CASE WHEN status = 'active' THEN ends_at - period ELSE ends_at END
FROM generated.payer;
INSERT INTO billing.invoice (id, user_id, customer_id, subscription_id, amount_paid, currency, price_ids, paid_at, recorded_at, period_start, period_end)
SELECT 'in_g:seed' || 'x' || n || '_' || i, id, 'cus_g:seed' || 'x' || n, 'sub_g:seed' || 'x' || n, amount, currency,
       ARRAY[CASE WHEN period > interval '30 days' THEN 'price_year' ELSE 'price_month' END],
       first_paid_at + (i - 1) * period, first_paid_at + (i - 1) * period + interval '2 seconds', first_paid_at + (i - 1) * period, first_paid_at + i * period
FROM generated.payer, generate_series(1, payments) i ORDER BY first_paid_at + (i - 1) * period, n;
INSERT INTO billing.invoice_payment (id, invoice_id, recorded_at) SELECT 'pi' || substr(id, 3), id, recorded_at FROM billing.invoice WHERE id LIKE 'in\_g:seed' || 'x%';

-- step: refunds and disputes
CREATE UNLOGGED TABLE generated.reversal AS
SELECT n, first_paid_at, amount, at, kind, status, CASE WHEN status IN ('won', 'lost') THEN at + interval '20 days' END AS closed_at
FROM (SELECT n, first_paid_at, amount, at, kind,
             CASE WHEN kind = 'refund' THEN 'succeeded' WHEN at > ':until'::timestamptz - interval '20 days' THEN 'needs_response'
                  WHEN generated.chance(n, 43) < 0.5 THEN 'lost' ELSE 'won' END AS status
      FROM (SELECT n, first_paid_at, amount, kind,
                   first_paid_at + floor(86400 * (CASE kind WHEN 'refund' THEN 1 ELSE 15 END + 19 * generated.chance(n, 42))) * interval '1 second' AS at
            FROM (SELECT n, first_paid_at, amount,
                         CASE WHEN generated.chance(n, 41) < 0.03 THEN 'refund' WHEN generated.chance(n, 41) < 0.045 THEN 'dispute' END AS kind
                  FROM generated.payer) drawn WHERE kind IS NOT NULL) timed WHERE at < ':until'::timestamptz) known;
ALTER TABLE generated.reversal ADD PRIMARY KEY (n);
INSERT INTO billing.reversal (id, kind, payment_intent_id, amount, status, snapshot_at, recorded_at)
SELECT CASE kind WHEN 'refund' THEN 're_g:seed' ELSE 'dp_g:seed' END || 'x' || n, kind, 'pi_g:seed' || 'x' || n || '_1', amount, status,
       coalesce(closed_at, at), coalesce(closed_at, at) + interval '2 seconds'
FROM generated.reversal;

-- step: invitations and reviews
INSERT INTO referral.referral (id, referrer_id, referred_id, code, terms_version, origin, label, campaign, domain_class, linked_at)
SELECT generated.id('0b0', p.n, p.joined_at), inviter.id, p.id, generated.code(p.inviter), p.terms_version,
       CASE WHEN generated.chance(p.n, 51) < 0.97 THEN 'sign_up' ELSE 'claim' END, 'p***@example.org',
       nullif(jsonb_strip_nulls(jsonb_build_object('channel', generated.channel(p.n)) || CASE WHEN generated.chance(p.n, 52) < 0.35 THEN jsonb_build_object(
         'source', (ARRAY['newsletter','instagram','whatsapp','blog'])[1 + floor(4 * power(generated.chance(p.n, 53), 2))::integer],
         'campaign', (ARRAY['welcome','summer','black-friday'])[1 + floor(3 * generated.chance(p.n, 54))::integer]) ELSE '{}' END), '{}'),
       'familiar', p.joined_at
FROM generated.person p JOIN generated.person inviter ON inviter.n = p.inviter ORDER BY p.n;
INSERT INTO referral.invite_note (referral_id, text)
SELECT generated.id('0b0', n, joined_at), (ARRAY['from the office','met at the fair','ask again in spring','neighbour'])[1 + floor(4 * generated.chance(n, 56))::integer]
FROM generated.person WHERE inviter IS NOT NULL AND generated.chance(n, 55) < 0.03;

INSERT INTO referral.fraud_rule (name, mode, weight) VALUES ('card_already_known', 'live', 60), ('mailbox_already_known', 'live', 100)
ON CONFLICT DO NOTHING;
CREATE UNLOGGED TABLE generated.review AS
SELECT n, joined_at, outcome, CASE WHEN outcome = 'review' AND (joined_at < ':until'::timestamptz - interval '12 days')
         THEN CASE WHEN drawn < 0.022 THEN 'approved' ELSE 'rejected' END END AS decision,
       date_trunc('milliseconds', joined_at + (1 + 10 * generated.chance(n, 62)) * interval '1 day') AS decided_at
FROM (SELECT n, joined_at, drawn, CASE WHEN drawn < 0.004 THEN 'reject' WHEN drawn < 0.03 THEN 'review' END AS outcome
      FROM (SELECT n, joined_at, generated.chance(n, 61) AS drawn FROM generated.person WHERE inviter IS NOT NULL) invited) reviewed
WHERE outcome IS NOT NULL;
ALTER TABLE generated.review ADD PRIMARY KEY (n);
UPDATE generated.review SET decided_at = NULL WHERE decision IS NULL;
INSERT INTO referral.review (referral_id, outcome, decision, opened_at, decided_at)
SELECT generated.id('0b0', n, joined_at), outcome, decision, joined_at, decided_at FROM generated.review;
INSERT INTO referral.fraud_rule_hit (id, referral_id, rule, version, mode, weight, evidence, at)
SELECT generated.id('0b1', n, joined_at), generated.id('0b0', n, joined_at),
       CASE outcome WHEN 'reject' THEN 'mailbox_already_known' ELSE 'card_already_known' END, 1, 'live', CASE outcome WHEN 'reject' THEN 100 ELSE 60 END,
       jsonb_build_object('kind', CASE outcome WHEN 'reject' THEN 'mailbox' ELSE 'card' END, 'people', 1), joined_at FROM generated.review;

-- Decisions that can still be undone, about half of what waits; nothing carries them out while the data is looked at.
CREATE UNLOGGED TABLE generated.scheduled AS
SELECT n, joined_at, CASE WHEN generated.chance(n, 63) < 0.6 THEN 'approved' ELSE 'rejected' END AS decision, ':until'::timestamptz - interval '1 minute' AS decided_at
FROM (SELECT *, row_number() OVER (ORDER BY n) AS place FROM generated.review WHERE outcome = 'review' AND decision IS NULL) waiting
WHERE place % 2 = 0 AND place <= 50;
INSERT INTO platform.note (id, subject_id, text)
SELECT generated.id('0f1', s.n, s.decided_at), p.id, 'looked at both accounts' FROM generated.scheduled s JOIN generated.person p USING (n);
INSERT INTO referral.scheduled_decision (referral_id, decision, decided_by, note_id, decided_at, takes_effect_at)
SELECT generated.id('0b0', s.n, s.joined_at), s.decision, admin.id, generated.id('0f1', s.n, s.decided_at), s.decided_at, ':until'::timestamptz + interval '10 years'
FROM generated.scheduled s JOIN generated.person admin ON admin.n = 1;

-- step: conversions
CREATE UNLOGGED TABLE generated.conversion AS
SELECT *, CASE WHEN refusal IS NOT NULL OR reason IN ('refunded', 'dispute_lost') THEN 'reversed' WHEN reason = 'dispute_open' THEN 'suspended'
               WHEN credited_at IS NULL THEN 'held' ELSE 'granted' END AS state
FROM (SELECT *, CASE WHEN refusal IS NULL AND NOT waits_for_review AND greatest(earliest, decided_at) < ':until'::timestamptz
                      AND (stopped_at IS NULL OR greatest(earliest, decided_at) < stopped_at) THEN greatest(earliest, decided_at)
                     WHEN refusal IS NULL AND NOT waits_for_review AND restored_at IS NOT NULL THEN greatest(earliest, decided_at, restored_at)
                END AS credited_at
      FROM (SELECT p.n, p.inviter, p.joined_at, p.terms_version, p.first_paid_at, t.referrer_days, t.referred_days,
                   p.first_paid_at + interval '5 seconds' AS converted_at,
                   CASE WHEN t.hold_days > 0 THEN p.first_paid_at + t.hold_days * interval '1 day' END AS release_at,
                   greatest(p.first_paid_at + interval '5 seconds', CASE WHEN t.hold_days > 0 THEN p.first_paid_at + t.hold_days * interval '1 day' END) AS earliest,
                   v.decided_at,
                   CASE WHEN v.decision = 'rejected' THEN 'rejected' WHEN v.outcome = 'reject' THEN 'fraud' END AS refusal,
                   coalesce(v.outcome = 'review' AND v.decision IS NULL, false) AS waits_for_review,
                   CASE WHEN r.kind = 'refund' THEN 'refunded' WHEN r.status = 'lost' THEN 'dispute_lost' WHEN r.status = 'needs_response' THEN 'dispute_open' END AS reason,
                   r.at AS stopped_at, CASE WHEN r.status = 'won' THEN r.closed_at END AS restored_at
            FROM generated.person p JOIN generated.terms t ON t.version = p.terms_version
            LEFT JOIN generated.review v ON v.n = p.n LEFT JOIN generated.reversal r ON r.n = p.n
            WHERE p.inviter IS NOT NULL AND p.first_paid_at IS NOT NULL) paid) credited;
ALTER TABLE generated.conversion ADD PRIMARY KEY (n);
INSERT INTO referral.conversion (id, referral_id, referred_id, invoice_id, converted_at)
SELECT generated.id('0c0', c.n, converted_at), generated.id('0b0', c.n, c.joined_at), p.id, 'in_g:seed' || 'x' || c.n || '_1', converted_at
FROM generated.conversion c JOIN generated.person p USING (n) ORDER BY converted_at, n;
INSERT INTO referral.reward_status (conversion_id, state, reasons, holds, release_at, invoice_id, credited_at, changed_at, card_check_due_at)
SELECT generated.id('0c0', n, converted_at), state,
       ARRAY(SELECT unnest FROM unnest(ARRAY[reason, refusal]) WHERE unnest IS NOT NULL ORDER BY 1),
       CASE WHEN release_at > ':until'::timestamptz THEN '{refund_window}'::text[] ELSE '{}' END || CASE WHEN waits_for_review THEN '{review}'::text[] ELSE '{}' END,
       release_at, 'in_g:seed' || 'x' || n || '_1', credited_at, coalesce(stopped_at, credited_at, converted_at), NULL
FROM generated.conversion;

-- step: caps, budgets and milestones
INSERT INTO referral.reward_reservation (conversion_id, referrer_id, terms_version, uses_cap, reserved_ms, reserved_at)
SELECT generated.id('0c0', c.n, converted_at), inviter.id, c.terms_version, true, (c.referrer_days + c.referred_days) * 86400000::bigint, converted_at
FROM generated.conversion c JOIN generated.terms t ON t.version = c.terms_version JOIN generated.person inviter ON inviter.n = c.inviter
WHERE t.budget_days IS NOT NULL AND c.state <> 'reversed';
INSERT INTO referral.budget (terms_version, limit_ms, reserved_ms)
SELECT t.version, t.budget_days * 86400000::bigint, coalesce((SELECT sum(r.reserved_ms) FROM referral.reward_reservation r WHERE r.terms_version = t.version), 0)
FROM generated.terms t WHERE t.budget_days IS NOT NULL;
CREATE UNLOGGED TABLE generated.milestone AS
SELECT c.n, c.inviter, c.ordinal, c.credited_at AS at, c.terms_version, t.milestone_days, generated.id('0e7', c.n, c.credited_at) AS entry
FROM (SELECT n, inviter, terms_version, credited_at, row_number() OVER (PARTITION BY inviter ORDER BY credited_at, n) AS ordinal
      FROM generated.conversion WHERE state = 'granted') c
JOIN generated.terms t ON t.version = c.terms_version WHERE c.ordinal % t.milestone_every = 0;
INSERT INTO referral.milestone (referrer_id, ordinal, terms_version, entry_id, last_entry_id, is_granted, reserved_ms, changed_at)
SELECT inviter.id, m.ordinal, m.terms_version, m.entry, m.entry, true, m.milestone_days * 86400000::bigint, m.at
FROM generated.milestone m JOIN generated.person inviter ON inviter.n = m.inviter;

-- step: credit
-- Every entry, as long as it would be alone; what reversals really took is computed in the next step.
CREATE UNLOGGED TABLE generated.entry AS
SELECT *, row_number() OVER (PARTITION BY owner ORDER BY at, id) AS seq
FROM (
  SELECT generated.id('0e' || CASE side WHEN 'referrer' THEN 0 ELSE 3 END, n, credited_at) AS id, CASE side WHEN 'referrer' THEN inviter ELSE n END AS owner, credited_at AS at,
         'referral_' || side AS kind, CASE side WHEN 'referrer' THEN referrer_days ELSE referred_days END * 86400000::bigint AS duration_ms,
         n AS conversion, side, 0 AS revision, NULL::uuid AS reverses
  FROM generated.conversion, unnest(ARRAY['referrer', 'referred']) side WHERE credited_at IS NOT NULL
  UNION ALL
  SELECT generated.id('0e' || CASE side WHEN 'referrer' THEN 1 ELSE 4 END, n, stopped_at), CASE side WHEN 'referrer' THEN inviter ELSE n END, stopped_at, 'reversal', 0,
         n, side, 1, generated.id('0e' || CASE side WHEN 'referrer' THEN 0 ELSE 3 END, n, credited_at)
  FROM generated.conversion, unnest(ARRAY['referrer', 'referred']) side WHERE credited_at < stopped_at
  UNION ALL
  SELECT generated.id('0e' || CASE side WHEN 'referrer' THEN 2 ELSE 5 END, n, restored_at), CASE side WHEN 'referrer' THEN inviter ELSE n END, restored_at, 'restoration', 0,
         n, side, 2, generated.id('0e' || CASE side WHEN 'referrer' THEN 1 ELSE 4 END, n, stopped_at)
  FROM generated.conversion, unnest(ARRAY['referrer', 'referred']) side WHERE credited_at < stopped_at AND restored_at IS NOT NULL
  UNION ALL
  SELECT entry, inviter, at, 'milestone', milestone_days * 86400000::bigint, NULL, NULL, NULL, NULL FROM generated.milestone
  UNION ALL
  SELECT generated.id('0e6', n, at), n, at, 'admin_grant', (1 + floor(30 * generated.chance(n, 72)))::bigint * 86400000, NULL, NULL, NULL, NULL
  FROM (SELECT n, date_trunc('milliseconds', joined_at + (':until'::timestamptz - joined_at) * generated.chance(n, 71)) AS at
        FROM generated.person WHERE generated.chance(n, 70) < 0.006) granted) entry;
ALTER TABLE generated.entry ADD PRIMARY KEY (owner, seq);
-- Days begin where the last ones end: until = max over earlier entries of (its time + all days since).
ALTER TABLE generated.entry ADD COLUMN until_after timestamptz;
UPDATE generated.entry SET until_after = stacked.until FROM (
  SELECT owner, seq, to_timestamp((total + max(at_ms - before) OVER (PARTITION BY owner ORDER BY seq)) / 1000.0) AS until
  FROM (SELECT owner, seq, at_ms, sum(duration_ms) OVER own AS total, sum(duration_ms) OVER own - duration_ms AS before
        FROM (SELECT owner, seq, duration_ms, (extract(epoch FROM at) * 1000)::bigint AS at_ms FROM generated.entry) entry
        WINDOW own AS (PARTITION BY owner ORDER BY seq)) summed) stacked
WHERE stacked.owner = entry.owner AND stacked.seq = entry.seq;
ANALYZE generated.entry;

-- step: reversed credit
-- replay

-- step: the ledger
INSERT INTO credit.entry (id, user_id, seq, at, kind, duration_ms, until_after, conversion_id, referral_id, side, revision, reverses_entry_id)
SELECT e.id, owner.id, e.seq, e.at, e.kind, e.duration_ms, e.until_after, generated.id('0c0', c.n, c.converted_at), generated.id('0b0', c.n, c.joined_at),
       e.side, e.revision, e.reverses
FROM generated.entry e JOIN generated.person owner ON owner.n = e.owner LEFT JOIN generated.conversion c ON c.n = e.conversion ORDER BY e.at, e.id;
INSERT INTO credit.account (user_id, until, last_seq, last_at)
SELECT p.id, last.until_after, coalesce(last.seq, 0), last.at
FROM generated.person p LEFT JOIN (SELECT DISTINCT ON (owner) * FROM generated.entry ORDER BY owner, seq DESC) last ON last.owner = p.n ORDER BY p.n;

-- step: events of Stripe
INSERT INTO billing.inbox (event_id, type, created_at, received_at, status, digest)
SELECT 'evt' || substr(id, 3), 'invoice.paid', paid_at, recorded_at, 'applied', sha256(id::bytea) FROM billing.invoice WHERE id LIKE 'in\_g:seed' || 'x%'
UNION ALL
SELECT 'evt' || substr(id, 3), CASE kind WHEN 'refund' THEN 'refund.created' ELSE 'charge.dispute.created' END, snapshot_at, recorded_at, 'applied', sha256(id::bytea)
FROM billing.reversal WHERE id LIKE '%\_g:seed' || 'x%';
INSERT INTO billing.inbox (event_id, type, created_at, received_at, status, detail, waiting_key, failures, next_retry_at, digest, payload)
SELECT 'evt_g:seed' || 'y' || i, 'invoice.paid', at, at, status, CASE status WHEN 'parked' THEN 'unknown_user' ELSE 'error' END,
       CASE status WHEN 'parked' THEN 'cus_unknown' || i END, CASE status WHEN 'dead' THEN 10 WHEN 'failed' THEN 3 ELSE 0 END,
       CASE WHEN status <> 'dead' THEN ':until'::timestamptz + interval '10 years' END, sha256(i::text::bytea), '{}'
FROM (SELECT i, ':until'::timestamptz - i * interval '5 hours' AS at, CASE WHEN i % 10 = 0 THEN 'dead' WHEN i % 7 = 0 THEN 'failed' ELSE 'parked' END AS status
      FROM generate_series(1, 60) i) waiting;

-- step: merged accounts
-- Second accounts that nobody was invited by, and that never paid; one of four merges was undone.
CREATE UNLOGGED TABLE generated.merge AS
SELECT n, from_id, into_n, at, CASE WHEN generated.chance(n, 84) < 0.25 THEN at + interval '3 days' END AS undone_at
FROM (SELECT p.n, p.id AS from_id, 1 + floor((p.n - 1) * generated.chance(p.n, 81))::bigint AS into_n,
             date_trunc('milliseconds', p.joined_at + (':until'::timestamptz - interval '35 days' - p.joined_at) * generated.chance(p.n, 82)) AS at
      FROM generated.person p
      WHERE p.n > 10 AND p.inviter IS NULL AND p.first_paid_at IS NULL AND p.joined_at < ':until'::timestamptz - interval '40 days' AND generated.chance(p.n, 80) < 0.02
        AND NOT EXISTS (SELECT FROM generated.person friend WHERE friend.inviter = p.n) AND NOT EXISTS (SELECT FROM generated.entry e WHERE e.owner = p.n)) second;
DELETE FROM generated.merge gone USING generated.merge own WHERE gone.into_n = own.n;
INSERT INTO platform.note (id, subject_id, text)
SELECT generated.id('0f0', m.n, m.at), owner.id, 'one person with two addresses' FROM generated.merge m JOIN generated.person owner ON owner.n = m.into_n
UNION ALL
SELECT generated.id('0f2', m.n, m.undone_at), owner.id, 'two people after all' FROM generated.merge m JOIN generated.person owner ON owner.n = m.into_n WHERE m.undone_at IS NOT NULL;
INSERT INTO accounts.merge (id, from_user_id, into_user_id, merged_at, actor_kind, actor_id, note_id, moved_data, undone_at, undone_note_id)
SELECT generated.id('0a1', m.n, m.at), m.from_id, owner.id, m.at, 'admin', admin.id, generated.id('0f0', m.n, m.at),
       jsonb_build_object('billing', jsonb_build_object('customers', '[]'::jsonb, 'subscriptions', '[]'::jsonb, 'deferrals', '[]'::jsonb, 'firstPayments', jsonb_build_object(
                            'from', jsonb_build_object('firstPaidAt', NULL, 'recheckEachPayment', false),
                            'into', jsonb_build_object('firstPaidAt', CASE WHEN owner.first_paid_at < m.at THEN owner.first_paid_at END, 'recheckEachPayment', false))),
                          'referral', '{"transferredReferralId": null, "closedReferrals": []}'::jsonb, 'earlierMergedIds', '[]'::jsonb),
       m.undone_at, CASE WHEN m.undone_at IS NOT NULL THEN generated.id('0f2', m.n, m.undone_at) END
FROM generated.merge m JOIN generated.person owner ON owner.n = m.into_n JOIN generated.person admin ON admin.n = 1 + m.n % 5;
INSERT INTO platform.merged_account (from_id, into_id)
SELECT m.from_id, owner.id FROM generated.merge m JOIN generated.person owner ON owner.n = m.into_n WHERE m.undone_at IS NULL;

-- step: API keys and outgoing webhooks
-- No secret has these hashes, and endpoints that are disabled are sent nothing.
INSERT INTO auth.api_key (id, name, secret_hash, scopes, requests_per_minute, created_at, expires_at, revoked_at, last_used_at)
SELECT generated.id('0a2', i, at), 'server ' || i, decode(md5(:seed || 'key' || i) || md5(:seed || 'yek' || i), 'hex'),
       CASE WHEN i % 3 = 0 THEN ARRAY['people:read', 'access:read'] ELSE ARRAY['people:read', 'people:write'] END, 600, at,
       CASE WHEN i % 4 = 0 THEN at + interval '90 days' END, CASE WHEN i % 3 = 1 THEN at + interval '60 days' END, at + interval '30 days'
FROM (SELECT i, ':until'::timestamptz - i * interval '10 days' AS at FROM generate_series(1, 50) i) made;
INSERT INTO webhooks.endpoint (id, url, description, secret, created_at, failing_since, disabled_at, disabled_reason)
SELECT generated.id('0a3', i, at), 'https://receiver' || i || '.example/', 'product ' || i, 'generated', at,
       CASE WHEN i = 3 THEN ':until'::timestamptz - interval '4 days' END, ':until'::timestamptz, CASE WHEN i = 3 THEN 'failing' ELSE 'manual' END
FROM (SELECT i, ':until'::timestamptz - interval '300 days' - i * interval '1 day' AS at FROM generate_series(1, 3) i) made;
-- Those of the last 30 days.
INSERT INTO webhooks.event (id, position, type, at, data)
SELECT 'evt_' || md5(:seed || type || n), (SELECT coalesce(max(position), 0) FROM webhooks.event) + row_number() OVER (ORDER BY at, type, n), type, at, data
FROM (SELECT p.n, 'person.created' AS type, p.joined_at AS at, jsonb_build_object('person', jsonb_build_object('id', p.id, 'externalId', NULL)) AS data
      FROM generated.person p WHERE p.joined_at >= ':until'::timestamptz - interval '30 days'
      UNION ALL
      SELECT p.n, 'referral.linked', p.joined_at, jsonb_build_object('referralId', generated.id('0b0', p.n, p.joined_at),
        'referrer', jsonb_build_object('id', inviter.id, 'externalId', NULL), 'referred', jsonb_build_object('id', p.id, 'externalId', NULL))
      FROM generated.person p JOIN generated.person inviter ON inviter.n = p.inviter WHERE p.joined_at >= ':until'::timestamptz - interval '30 days') happened;
INSERT INTO webhooks.delivery (id, event_id, endpoint_id, status, attempts, created_at, last_attempt_at, last_status, delivered_at)
SELECT generated.id('0a' || 3 + e.nr, v.position, v.at), v.id, e.id, CASE WHEN is_dead THEN 'dead' ELSE 'delivered' END, CASE WHEN is_dead THEN 12 ELSE 1 END, v.at,
       v.at + interval '1 second', CASE WHEN is_dead THEN 500 ELSE 200 END, CASE WHEN NOT is_dead THEN v.at + interval '1 second' END
FROM webhooks.event v, LATERAL (SELECT own.id, row_number() OVER (ORDER BY own.id) AS nr FROM webhooks.endpoint own WHERE own.secret = 'generated') e,
     LATERAL (SELECT generated.chance(v.position, 90 + e.nr::integer) < 0.004 AS is_dead) outcome
WHERE v.at < ':until'::timestamptz AND v.at >= ':until'::timestamptz - interval '30 days';

-- step: audit log and emails
INSERT INTO platform.audit (id, at, action, actor_kind, actor_id, subject_id, details)
SELECT generated.id('0d0', p.n, p.joined_at), p.joined_at, 'referral.linked', 'user', p.id, p.id,
       jsonb_build_object('referralId', generated.id('0b0', p.n, p.joined_at), 'referrerId', inviter.id, 'referredId', p.id, 'origin', 'sign_up')
FROM generated.person p JOIN generated.person inviter ON inviter.n = p.inviter
UNION ALL
SELECT generated.id('0d1', n, first_paid_at), first_paid_at + interval '2 seconds', 'billing.tier_changed', 'stripe', NULL, id, '{"from": "free", "to": "paid"}' FROM generated.payer
UNION ALL
SELECT generated.id('0d2', n, ends_at), ends_at, 'billing.tier_changed', 'stripe', NULL, id, '{"from": "paid", "to": "free"}' FROM generated.payer WHERE status = 'canceled'
UNION ALL
SELECT generated.id('0d3', e.owner, e.at), e.at, 'credit.granted', 'operator', NULL, p.id, jsonb_build_object('entryId', e.id, 'durationMs', e.duration_ms)
FROM generated.entry e JOIN generated.person p ON p.n = e.owner WHERE e.kind = 'admin_grant'
UNION ALL
SELECT generated.id('0d4', v.n, decided_at), decided_at, 'referral.reviewed', 'operator', NULL, p.id,
       jsonb_build_object('referralId', generated.id('0b0', v.n, v.joined_at), 'decision', decision)
FROM generated.review v JOIN generated.person p USING (n) WHERE decision IS NOT NULL
UNION ALL
SELECT generated.id('0d5', c.n, converted_at), converted_at, 'referral.converted', 'stripe', NULL, p.id, jsonb_build_object('conversionId', generated.id('0c0', c.n, converted_at),
       'referralId', generated.id('0b0', c.n, c.joined_at), 'referrerId', inviter.id, 'invoiceId', 'in_g:seed' || 'x' || c.n || '_1')
FROM generated.conversion c JOIN generated.person p USING (n) JOIN generated.person inviter ON inviter.n = c.inviter
UNION ALL
SELECT generated.id('0d6', c.n, credited_at), credited_at, 'referral.credited', 'system', NULL, p.id, jsonb_build_object('conversionId', generated.id('0c0', c.n, converted_at),
       'referralId', generated.id('0b0', c.n, c.joined_at), 'referrerId', inviter.id, 'state', 'granted')
FROM generated.conversion c JOIN generated.person p USING (n) JOIN generated.person inviter ON inviter.n = c.inviter WHERE credited_at IS NOT NULL AND credited_at > converted_at
UNION ALL
SELECT generated.id('0d7', c.n, stopped_at), stopped_at, 'referral.reversed', 'stripe', NULL, p.id, jsonb_build_object('conversionId', generated.id('0c0', c.n, converted_at),
       'referralId', generated.id('0b0', c.n, c.joined_at), 'referrerId', inviter.id, 'reasons', jsonb_build_array(reason))
FROM generated.conversion c JOIN generated.person p USING (n) JOIN generated.person inviter ON inviter.n = c.inviter WHERE credited_at < stopped_at
UNION ALL
SELECT generated.id('0d8', s.n, s.decided_at), s.decided_at, 'referral.review_scheduled', 'admin', admin.id, p.id,
       jsonb_build_object('referralId', generated.id('0b0', s.n, s.joined_at), 'referrerId', inviter.id, 'decision', s.decision, 'takesEffectAt', ':until'::timestamptz + interval '10 years')
FROM generated.scheduled s JOIN generated.person p USING (n) JOIN generated.person inviter ON inviter.n = p.inviter JOIN generated.person admin ON admin.n = 1
UNION ALL
SELECT generated.id(side.kind, m.n, m.at), m.at, 'accounts.merged', 'admin', admin.id, side.id, jsonb_build_object('mergeId', generated.id('0a1', m.n, m.at), 'fromUserId', m.from_id, 'intoUserId', owner.id)
FROM generated.merge m JOIN generated.person owner ON owner.n = m.into_n JOIN generated.person admin ON admin.n = 1 + m.n % 5,
     LATERAL (VALUES ('0d9', m.from_id), ('0da', owner.id)) side (kind, id)
UNION ALL
SELECT generated.id('0db', i, at), at, 'console.list_exported', 'admin', admin.id, NULL, jsonb_build_object('list', 'users')
FROM (SELECT i, ':until'::timestamptz - i * interval '7 hours' AS at FROM generate_series(1, 1000) i) file JOIN generated.person admin ON admin.n = 1 + i % 5;
INSERT INTO notifications.email_delivery (id, claimed_at, sent_at)
SELECT 'referral-linked:' || generated.id('0b0', n, joined_at), joined_at, joined_at + interval '1 second' FROM generated.person WHERE inviter IS NOT NULL
UNION ALL
SELECT 'referral-credited:' || generated.id('0c0', n, converted_at) || ':' || side, credited_at, credited_at + interval '2 seconds'
FROM generated.conversion, unnest(ARRAY['referrer', 'referred']) side WHERE credited_at IS NOT NULL;
DROP SCHEMA generated CASCADE;
