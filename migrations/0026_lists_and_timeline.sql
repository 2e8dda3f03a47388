-- What the lists of the console are sorted and filtered by, and what a user's timeline reads.

-- safe beside the release before: only the few rows of people who pay are in it
CREATE INDEX account_paid ON billing.account (user_id) WHERE tier = 'paid';
-- safe beside the release before: takes about a second for a million events, webhooks wait so long
CREATE INDEX inbox_by_type ON billing.inbox (type, received_at, event_id);
-- safe beside the release before: only events that were ignored are in it
CREATE INDEX inbox_ignored ON billing.inbox (received_at, event_id) WHERE status = 'ignored';
-- safe beside the release before: takes about a second for a million conversions, first payments wait so long
CREATE INDEX conversion_by_time ON referral.conversion (converted_at, id);
DROP INDEX referral.conversion_by_converted_at;

-- The last columns are new. A list is sorted by a time and an id of one table, so that one index serves.
CREATE OR REPLACE VIEW admin.user_row AS
SELECT u.id, u.email, u.display_name, u.role, u.created_at, b.tier, b.tier_expires_at,
       c.until AS credit_until, c.user_id AS credit_user_id
FROM auth."user" u
JOIN billing.account b ON b.user_id = u.id
JOIN credit.account c ON c.user_id = u.id;
