-- Lists of people and of invitations are sorted by when the person joined or was invited; an import
-- brings both with times before those of lower ids. The id decides between equal times.

-- safe beside the release before: takes about a second for a million users, sign-ups wait so long
CREATE INDEX user_by_time_joined ON auth."user" (created_at, id);
DROP INDEX auth.user_by_created_at;

-- safe beside the release before: takes about a second for a million referrals, sign-ups wait so long
CREATE INDEX referral_by_time_linked ON referral.referral (linked_at, id);
DROP INDEX referral.referral_by_linked_at;
-- safe beside the release before: takes about a second for a million referrals, sign-ups wait so long
CREATE INDEX referral_by_referrer_and_time ON referral.referral (referrer_id, linked_at, id);

CREATE OR REPLACE VIEW admin.user_search AS SELECT u.id, u.email, u.display_name, u.created_at FROM auth."user" u;

-- What the overview of the console and its search read.
CREATE VIEW admin.referral_time AS SELECT linked_at FROM referral.referral;
CREATE VIEW admin.conversion_time AS SELECT converted_at FROM referral.conversion;
CREATE VIEW admin.received_event AS SELECT event_id FROM billing.inbox;
-- Emails that left; in local mode they are kept instead.
CREATE VIEW admin.sent_email AS
SELECT id FROM notifications.email_delivery d WHERE sent_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM notifications.captured_email c WHERE c.id = d.id);
CREATE VIEW admin.webhook_endpoint AS
SELECT id, url, created_at, failing_since, disabled_at, disabled_reason
FROM webhooks.endpoint WHERE deleted_at IS NULL;
CREATE VIEW admin.dead_delivery AS
SELECT d.id, d.endpoint_id, d.event_id, e.type, d.attempts + d.earlier_attempts AS attempts,
       d.last_attempt_at, d.last_status, d.last_error
FROM webhooks.delivery d JOIN webhooks.event e ON e.id = d.event_id WHERE d.status = 'dead';

-- Whose each id is; each part finds an id by the key of its table.
CREATE VIEW admin.id_owner AS
SELECT id, 'customer' AS kind, user_id FROM billing.customer
UNION ALL SELECT id, 'subscription', user_id FROM billing.subscription
UNION ALL SELECT id, 'payment', user_id FROM billing.invoice
UNION ALL SELECT event_id, 'event', NULL FROM billing.inbox
UNION ALL SELECT external_id, 'person', id FROM auth."user" WHERE external_id IS NOT NULL
UNION ALL SELECT email, 'person', id FROM auth."user" WHERE email IS NOT NULL;
