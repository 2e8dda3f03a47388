-- A renewal with the same guarantees in the plainest schema, one prepared statement a step.
\set payer random(20001, 40000)
SELECT gen_random_uuid() AS event \gset
BEGIN;
INSERT INTO equivalent.inbox (id, type, payload) SELECT (:event)::uuid, 'invoice.paid', payload::jsonb FROM equivalent.sample ON CONFLICT DO NOTHING RETURNING id;
SELECT pg_advisory_xact_lock(:payer);
SELECT id, tier, first_paid FROM equivalent.account WHERE id = :payer FOR NO KEY UPDATE;
INSERT INTO equivalent.invoice VALUES ((:event)::uuid, :payer, 1000, now());
UPDATE equivalent.account SET updated_at = now() WHERE id = :payer;
INSERT INTO equivalent.audit (account_id, action, details) VALUES (:payer, 'renewed', '{"a": 1}');
COMMIT;
