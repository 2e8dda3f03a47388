-- Events for other products: a feed that they read, and webhooks that are sent to them.
CREATE SCHEMA webhooks;

CREATE TABLE webhooks.event (
  id       text PRIMARY KEY CONSTRAINT event_id_is_a_digest CHECK (id ~ '^evt_[0-9a-f]{32}$'),
  position bigint NOT NULL CONSTRAINT event_position_is_unique UNIQUE,
  type     text NOT NULL CONSTRAINT event_type_is_short CHECK (length(type) BETWEEN 1 AND 100),
  at       timestamptz NOT NULL,
  data     jsonb NOT NULL
);
COMMENT ON COLUMN webhooks.event.id IS 'made from what happened, so that it is stored once';
COMMENT ON COLUMN webhooks.event.position IS 'rises in the order of commits: it is given under a lock';
CREATE INDEX event_by_type ON webhooks.event (type, position);
CREATE INDEX event_by_time ON webhooks.event (at);

CREATE TABLE webhooks.endpoint (
  id                    uuid PRIMARY KEY,
  url                   text NOT NULL CONSTRAINT endpoint_url_is_short CHECK (length(url) BETWEEN 1 AND 2000),
  event_types           text[] CONSTRAINT endpoint_has_event_types CHECK (cardinality(event_types) > 0),
  description           text CONSTRAINT endpoint_description_is_short CHECK (length(description) BETWEEN 1 AND 500),
  secret                text NOT NULL,
  previous_secret       text,
  previous_secret_until timestamptz,
  created_at            timestamptz NOT NULL,
  failing_since         timestamptz,
  paused_until          timestamptz,
  disabled_at           timestamptz,
  disabled_reason       text
    CONSTRAINT endpoint_disabled_reason_is_known CHECK (disabled_reason IN ('manual', 'gone', 'failing')),
  deleted_at            timestamptz,
  CONSTRAINT endpoint_disabled_for_a_reason CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL)),
  CONSTRAINT endpoint_previous_secret_ends CHECK ((previous_secret IS NULL) = (previous_secret_until IS NULL))
);
COMMENT ON COLUMN webhooks.endpoint.event_types IS 'null: all';
COMMENT ON COLUMN webhooks.endpoint.secret IS 'sealed';
COMMENT ON COLUMN webhooks.endpoint.previous_secret IS 'sealed; signs beside the new one until its end';
COMMENT ON COLUMN webhooks.endpoint.failing_since IS 'the first failure after the last success';
COMMENT ON COLUMN webhooks.endpoint.paused_until IS 'as its server asked with Retry-After';
COMMENT ON COLUMN webhooks.endpoint.deleted_at IS 'the row goes once its deliveries are deleted';

CREATE TABLE webhooks.delivery (
  id               uuid PRIMARY KEY,
  event_id         text NOT NULL CONSTRAINT delivery_is_of_an_event REFERENCES webhooks.event,
  endpoint_id      uuid NOT NULL CONSTRAINT delivery_is_to_an_endpoint REFERENCES webhooks.endpoint,
  status           text NOT NULL DEFAULT 'pending'
    CONSTRAINT delivery_status_is_known CHECK (status IN ('pending', 'delivered', 'failed', 'dead')),
  attempts         integer NOT NULL DEFAULT 0,
  earlier_attempts integer NOT NULL DEFAULT 0,
  created_at       timestamptz NOT NULL,
  next_attempt_at  timestamptz,
  last_attempt_at  timestamptz,
  last_status      integer,
  last_error       text,
  delivered_at     timestamptz,
  CONSTRAINT delivery_once_per_endpoint UNIQUE (event_id, endpoint_id),
  CONSTRAINT delivery_is_tried_until_its_end
    CHECK ((next_attempt_at IS NOT NULL) = (status IN ('pending', 'failed')))
);
COMMENT ON COLUMN webhooks.delivery.attempts IS 'since it was created or asked for again';
COMMENT ON COLUMN webhooks.delivery.earlier_attempts IS 'before it was asked for again';
COMMENT ON COLUMN webhooks.delivery.next_attempt_at IS 'while an attempt runs: when it counts as lost';
CREATE INDEX delivery_that_is_due ON webhooks.delivery (endpoint_id, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX delivery_by_endpoint ON webhooks.delivery (endpoint_id, id);
CREATE INDEX delivery_by_status ON webhooks.delivery (endpoint_id, status, id);
CREATE INDEX delivery_by_time ON webhooks.delivery (created_at);
