-- A first payment that converts, as the transaction would be written step by step: the same rows read, locked and
-- written as by a delivery to the webhook, one prepared statement a step. Each client has its own range of pairs.
START TRANSACTION;
SET LOCAL lock_timeout = '3s';
SET LOCAL statement_timeout = '8s';
SELECT pg_advisory_xact_lock(hashtextextended('evt_8001' || :n || '_0', 19));
SELECT status, detail, digest FROM billing.inbox WHERE event_id = 'evt_8001' || :n || '_0' FOR NO KEY UPDATE;
SELECT pg_advisory_xact_lock(hashtextextended('in_8001' || :n || '_0', 0));
SELECT pg_advisory_xact_lock(hashtextextended('cus_8001' || :n, 0));
SELECT pg_advisory_xact_lock(hashtextextended('sub_8001' || :n, 0));
SELECT user_id FROM billing.customer WHERE id = 'cus_8001' || :n;
SELECT tier, tier_expires_at, paid_through, first_paid_at, recheck_each_payment FROM billing.account WHERE user_id = bench.id_of('8001', :n) FOR NO KEY UPDATE;
INSERT INTO billing.invoice (id, user_id, customer_id, subscription_id, amount_paid, currency, paid_at, recorded_at, period_start, period_end, price_ids)
VALUES ('in_8001' || :n || '_0', bench.id_of('8001', :n), 'cus_8001' || :n, 'sub_8001' || :n, 1000, 'usd', date_trunc('second', now()), now(), now(), now() + interval '30 days', '{price_bench}')
ON CONFLICT (id) DO NOTHING RETURNING id;
INSERT INTO billing.subscription AS s (id, user_id, customer_id, status, price_id, grants_paid_tier, paid_until)
VALUES ('sub_8001' || :n, bench.id_of('8001', :n), 'cus_8001' || :n, 'incomplete', 'price_bench', true, now() + interval '30 days')
ON CONFLICT (id) DO UPDATE SET paid_until = GREATEST(s.paid_until, excluded.paid_until);
SELECT * FROM billing.subscription WHERE user_id = bench.id_of('8001', :n);
UPDATE billing.account SET tier = 'paid', tier_expires_at = now() + interval '30 days', paid_through = now() + interval '30 days', first_paid_at = LEAST(first_paid_at, date_trunc('second', now())) WHERE user_id = bench.id_of('8001', :n);
INSERT INTO platform.audit (id, at, action, actor_kind, actor_id, subject_id, details, note_id)
VALUES (gen_random_uuid(), now(), 'billing.tier_changed', 'stripe', NULL, bench.id_of('8001', :n), '{"to": "paid", "from": "free"}', NULL);
SELECT 1 FROM credit.entry WHERE user_id = bench.id_of('8001', :n) AND not_before IS NOT NULL LIMIT 1;
SELECT r.id, r.referrer_id, r.referred_id, r.linked_at, r.code, EXISTS (SELECT 1 FROM referral.milestone m WHERE m.referrer_id = r.referrer_id), t.*
FROM referral.referral r JOIN referral.terms t ON t.version = r.terms_version WHERE r.referred_id = bench.id_of('8001', :n) FOR NO KEY UPDATE OF r;
SELECT c.id, c.converted_at, s.state, s.reasons, s.flags, s.holds, s.invoice_id, s.release_at, s.credited_at, s.capped, v.outcome, v.decision
FROM referral.referral r LEFT JOIN referral.conversion c ON c.referral_id = r.id
LEFT JOIN referral.reward_status s ON s.conversion_id = c.id LEFT JOIN referral.review v ON v.referral_id = r.id
WHERE r.referred_id = bench.id_of('8001', :n);
SELECT i.id, i.paid_at, i.amount_paid FROM billing.invoice i WHERE i.user_id = bench.id_of('8001', :n) ORDER BY i.paid_at, i.id LIMIT 1;
SELECT * FROM billing.reversal WHERE invoice_id = 'in_8001' || :n || '_0';
SELECT r.* FROM billing.invoice_payment p JOIN billing.reversal r ON r.payment_intent_id = p.id WHERE p.invoice_id = 'in_8001' || :n || '_0';
INSERT INTO referral.conversion (id, referral_id, referred_id, invoice_id, converted_at)
VALUES (bench.id_of('8003', :n), bench.id_of('8002', :n), bench.id_of('8001', :n), 'in_8001' || :n || '_0', now()) ON CONFLICT DO NOTHING RETURNING id;
SELECT 1 FROM credit.account WHERE user_id = ANY (ARRAY[:referrer, bench.id_of('8001', :n)]) ORDER BY user_id FOR NO KEY UPDATE;
UPDATE credit.account SET last_seq = last_seq + 1, last_at = GREATEST(now(), last_at), until = GREATEST(now(), last_at, until) + interval '1080 hours' WHERE user_id = :referrer;
INSERT INTO credit.entry (id, user_id, seq, at, kind, duration_ms, until_after, conversion_id, referral_id, side, revision)
SELECT gen_random_uuid(), user_id, last_seq, last_at, 'referral_referrer', 3888000000, until, bench.id_of('8003', :n), bench.id_of('8002', :n), 'referrer', 0 FROM credit.account WHERE user_id = :referrer;
UPDATE credit.account SET last_seq = last_seq + 1, last_at = GREATEST(now(), last_at), until = GREATEST(now(), last_at, until) + interval '1080 hours' WHERE user_id = bench.id_of('8001', :n);
INSERT INTO credit.entry (id, user_id, seq, at, kind, duration_ms, until_after, conversion_id, referral_id, side, revision)
SELECT gen_random_uuid(), user_id, last_seq, last_at, 'referral_referred', 3888000000, until, bench.id_of('8003', :n), bench.id_of('8002', :n), 'referred', 0 FROM credit.account WHERE user_id = bench.id_of('8001', :n);
INSERT INTO referral.reward_status (conversion_id, state, invoice_id, credited_at, changed_at)
VALUES (bench.id_of('8003', :n), 'granted', 'in_8001' || :n || '_0', now(), now());
INSERT INTO platform.audit (id, at, action, actor_kind, actor_id, subject_id, details, note_id)
VALUES (gen_random_uuid(), now(), 'referral.converted', 'stripe', NULL, bench.id_of('8001', :n),
  jsonb_build_object('flags', '[]'::jsonb, 'holds', '[]'::jsonb, 'state', 'granted', 'reasons', '[]'::jsonb, 'invoiceId', 'in_8001' || :n || '_0', 'referralId', bench.id_of('8002', :n),
    'referrerId', :referrer, 'conversionId', bench.id_of('8003', :n),
    'moved', jsonb_build_array(jsonb_build_object('days', 45, 'side', 'referrer', 'userId', :referrer), jsonb_build_object('days', 45, 'side', 'referred', 'userId', bench.id_of('8001', :n)))), NULL);
INSERT INTO platform.outbox (pending) SELECT jsonb_build_object('events', jsonb_build_array(
  jsonb_build_object('name', 'referral.converted', 'conversionId', bench.id_of('8003', :n), 'referralId', bench.id_of('8002', :n)),
  jsonb_build_object('name', 'referral.credited', 'conversionId', bench.id_of('8003', :n), 'referralId', bench.id_of('8002', :n))));
INSERT INTO billing.inbox (event_id, type, created_at, received_at, status, detail, waiting_key, digest, payload)
VALUES ('evt_8001' || :n || '_0', 'invoice.paid', now(), now(), 'applied', 'converted', NULL, decode('cc7595bbd2dd42df2a7a38be17a494e31af7fb320e859180d09962e304d2bb53', 'hex'), NULL)
ON CONFLICT (event_id) DO UPDATE SET status = excluded.status, detail = excluded.detail, waiting_key = excluded.waiting_key;
INSERT INTO billing.inbox_payload (received_at, event_id, payload) VALUES (now(), 'evt_8001' || :n || '_0', :payload);
COMMIT;
