-- Every look at a waiting event is recorded, and each event has a pause of its own that grows from look to look. So a
-- thousand events of strangers never keep one of ours waiting.

-- When a waiting event is due for its next look. An event whose customer is unknown is retried by whatever makes the customer
-- known, so its looks are only a safety net: one hour, then twice as long each time. All others: one minute, up to six hours.
CREATE FUNCTION billing.next_look(clock timestamptz, status text, detail text, looks integer) RETURNS timestamptz
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN status = 'parked' AND detail = 'user_unknown' THEN clock + interval '1 hour' * power(2, LEAST(looks, 10))
    WHEN status IN ('parked', 'failed') THEN clock + LEAST(interval '1 minute' * power(2, LEAST(looks, 10)), interval '6 hours')
  END
$$;

ALTER TABLE billing.inbox
  ADD looks integer NOT NULL DEFAULT 0,
  ADD next_look_at timestamptz,
  ADD reread boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN billing.inbox.looked_at IS 'the last look at it since it waits, whatever came of it';
COMMENT ON COLUMN billing.inbox.looks IS 'looks at it for the reason that it waits for now';
COMMENT ON COLUMN billing.inbox.next_look_at IS 'compared with the clock; null: at once, where an older release parked it';
COMMENT ON COLUMN billing.inbox.reread IS 'its payload cannot be used as it is: its object is read from Stripe';

-- Two lines, so that what waits for a customer never stands before what Stripe can answer.
-- safe beside the release before: one read of the table without sorting, 1.1 s for a million events in memory
CREATE INDEX inbox_due_for_a_customer ON billing.inbox (next_look_at NULLS FIRST)
  WHERE status = 'parked' AND detail = 'user_unknown';
-- safe beside the release before: as the one above
CREATE INDEX inbox_due_for_an_answer ON billing.inbox (next_look_at NULLS FIRST)
  WHERE status = 'failed' OR (status = 'parked' AND detail IS DISTINCT FROM 'user_unknown');

-- Alerts about events: each is raised once per event and reason.
CREATE TABLE billing.event_alert (
  event_id  text NOT NULL REFERENCES billing.inbox,
  name      text NOT NULL,
  raised_at timestamptz NOT NULL,
  CONSTRAINT event_alert_is_raised_once PRIMARY KEY (event_id, name)
);

-- Customers that were deleted at Stripe before we knew whose they are; most are strangers, so they are kept for 30 days.
CREATE TABLE billing.deleted_customer (
  id         text PRIMARY KEY,
  deleted_at timestamptz NOT NULL,
  noted_at   timestamptz NOT NULL
);
CREATE INDEX deleted_customer_by_age ON billing.deleted_customer (noted_at);
