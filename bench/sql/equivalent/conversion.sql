-- A first payment with the same guarantees in the plainest schema, one prepared statement a step.
\set referrer random(1, 20000)
\set referred random(20001, 40000)
SELECT gen_random_uuid() AS event, gen_random_uuid() AS conversion \gset
BEGIN;
INSERT INTO equivalent.inbox (id, type, payload) SELECT (:event)::uuid, 'invoice.paid', payload::jsonb FROM equivalent.sample ON CONFLICT DO NOTHING RETURNING id;
SELECT pg_advisory_xact_lock(:referred);
SELECT id, credit_until FROM equivalent.account WHERE id IN (:referrer, :referred) ORDER BY id FOR NO KEY UPDATE;
INSERT INTO equivalent.invoice VALUES ((:event)::uuid, :referred, 1000, now());
INSERT INTO equivalent.conversion VALUES ((:conversion)::uuid, :referred, (:event)::uuid, now()) ON CONFLICT DO NOTHING RETURNING id;
UPDATE equivalent.account SET tier = 'paid', first_paid = (:event)::text, credit_until = greatest(coalesce(credit_until, now()), now()) + interval '45 days', updated_at = now() WHERE id = :referred;
UPDATE equivalent.account SET credit_until = greatest(coalesce(credit_until, now()), now()) + interval '45 days', updated_at = now() WHERE id = :referrer;
INSERT INTO equivalent.audit (account_id, action, details) VALUES (:referred, 'paid', '{"a": 1}');
INSERT INTO equivalent.entry VALUES (gen_random_uuid(), :referred, (:conversion)::uuid, 'referred', 45, now(), now() + interval '45 days'), (gen_random_uuid(), :referrer, (:conversion)::uuid, 'referrer', 45, now(), now() + interval '45 days');
INSERT INTO equivalent.outbox (kind, payload) VALUES ('referral.converted', '{"a": 1}');
COMMIT;
