-- What is forgotten by age has a partition for each month, so that forgetting drops a table and
-- leaves no dead rows. A scheduled task makes the partitions; rows of a month without one go to the
-- default partition.

-- Payloads of processed events; one that is not processed keeps its payload in billing.inbox.
CREATE TABLE billing.inbox_payload (
  received_at timestamptz NOT NULL,
  event_id    text NOT NULL,
  payload     json NOT NULL,
  PRIMARY KEY (received_at, event_id)
) PARTITION BY RANGE (received_at);
COMMENT ON COLUMN billing.inbox_payload.received_at IS 'as in billing.inbox';
CREATE TABLE billing.inbox_payload_default PARTITION OF billing.inbox_payload DEFAULT;

INSERT INTO billing.inbox_payload (received_at, event_id, payload)
SELECT received_at, event_id, payload FROM billing.inbox WHERE status IN ('applied', 'ignored') AND payload IS NOT NULL;
UPDATE billing.inbox SET payload = NULL WHERE status IN ('applied', 'ignored') AND payload IS NOT NULL;
-- safe beside the release before: no release has run on this schema
ALTER TABLE billing.inbox
  DROP CONSTRAINT inbox_payload_is_kept_until_processed,
  ADD CONSTRAINT inbox_payload_is_kept_until_processed CHECK ((payload IS NULL) = (status IN ('applied', 'ignored')));
-- safe beside the release before: no release has run on this schema
DROP INDEX billing.inbox_with_payload;

COMMENT ON COLUMN billing.inbox.payload IS
  'json, not jsonb: the exact text, since its digest identifies the content; null once processed';

-- Every event with its payload, wherever that is; null once purged.
CREATE VIEW billing.received_event AS
SELECT i.event_id, i.type, i.created_at, i.received_at, i.status, i.detail, i.waiting_key, i.failures, i.last_tried_at,
  i.retries, i.next_retry_at, i.needs_refetch, i.digest, COALESCE(i.payload, p.payload) AS payload
FROM billing.inbox i LEFT JOIN billing.inbox_payload p USING (received_at, event_id);

-- The table of before becomes the default partition: nothing is copied.
-- safe beside the release before: the table has its name again when this commits
ALTER TABLE referral.link_click RENAME TO link_click_default;
-- safe beside the release before: only the name of a constraint
ALTER TABLE referral.link_click_default RENAME CONSTRAINT link_click_pkey TO link_click_default_pkey;
-- safe beside the release before: only the name of an index
ALTER INDEX referral.link_click_by_day RENAME TO link_click_default_by_day;
CREATE TABLE referral.link_click (
  code   text NOT NULL
         CONSTRAINT link_click_belongs_to_a_code REFERENCES referral.code ON DELETE CASCADE,
  day    date NOT NULL,
  clicks integer NOT NULL CONSTRAINT link_click_count_is_positive CHECK (clicks >= 1),
  PRIMARY KEY (code, day)
) PARTITION BY RANGE (day);
CREATE INDEX link_click_by_day ON referral.link_click (day);
ALTER TABLE referral.link_click ATTACH PARTITION referral.link_click_default DEFAULT;
