-- A delivery of an event that is known: looked up under its lock, nothing written.
START TRANSACTION;
SET LOCAL lock_timeout = '3s';
SET LOCAL statement_timeout = '8s';
SELECT pg_advisory_xact_lock(hashtextextended('evt_8001' || :n || '_0', 19));
SELECT status, detail, digest FROM billing.inbox WHERE event_id = 'evt_8001' || :n || '_0' FOR NO KEY UPDATE;
COMMIT;
