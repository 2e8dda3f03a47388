-- A renewal step by step: the payment is stored and the paid period moves on; no referral is looked for.
START TRANSACTION;
SET LOCAL lock_timeout = '3s';
SET LOCAL statement_timeout = '8s';
SELECT pg_advisory_xact_lock(hashtextextended('evt_8001' || :n || '_' || :turn, 19));
SELECT status, detail, digest FROM billing.inbox WHERE event_id = 'evt_8001' || :n || '_' || :turn FOR NO KEY UPDATE;
SELECT pg_advisory_xact_lock(hashtextextended('in_8001' || :n || '_' || :turn, 0));
SELECT pg_advisory_xact_lock(hashtextextended('cus_8001' || :n, 0));
SELECT pg_advisory_xact_lock(hashtextextended('sub_8001' || :n, 0));
SELECT user_id FROM billing.customer WHERE id = 'cus_8001' || :n;
SELECT tier, tier_expires_at, paid_through, first_paid_at, recheck_each_payment FROM billing.account WHERE user_id = bench.id_of('8001', :n) FOR NO KEY UPDATE;
INSERT INTO billing.invoice (id, user_id, customer_id, subscription_id, amount_paid, currency, paid_at, recorded_at, period_start, period_end, price_ids)
VALUES ('in_8001' || :n || '_' || :turn, bench.id_of('8001', :n), 'cus_8001' || :n, 'sub_8001' || :n, 1000, 'usd', date_trunc('second', now()), now(), now() + interval '30 days', now() + interval '60 days', '{price_bench}')
ON CONFLICT (id) DO NOTHING RETURNING id;
INSERT INTO billing.subscription AS s (id, user_id, customer_id, status, price_id, grants_paid_tier, paid_until)
VALUES ('sub_8001' || :n, bench.id_of('8001', :n), 'cus_8001' || :n, 'incomplete', 'price_bench', true, now() + interval '60 days')
ON CONFLICT (id) DO UPDATE SET paid_until = GREATEST(s.paid_until, excluded.paid_until);
SELECT * FROM billing.subscription WHERE user_id = bench.id_of('8001', :n);
UPDATE billing.account SET tier = 'paid', tier_expires_at = now() + interval '60 days', paid_through = now() + interval '60 days', first_paid_at = LEAST(first_paid_at, date_trunc('second', now())) WHERE user_id = bench.id_of('8001', :n);
SELECT 1 FROM credit.entry WHERE user_id = bench.id_of('8001', :n) AND not_before IS NOT NULL LIMIT 1;
INSERT INTO billing.inbox (event_id, type, created_at, received_at, status, detail, waiting_key, digest, payload)
VALUES ('evt_8001' || :n || '_' || :turn, 'invoice.paid', now(), now(), 'applied', 'renewal', NULL, decode('cc7595bbd2dd42df2a7a38be17a494e31af7fb320e859180d09962e304d2bb53', 'hex'), NULL)
ON CONFLICT (event_id) DO UPDATE SET status = excluded.status, detail = excluded.detail, waiting_key = excluded.waiting_key;
INSERT INTO billing.inbox_payload (received_at, event_id, payload) VALUES (now(), 'evt_8001' || :n || '_' || :turn, :payload);
COMMIT;
