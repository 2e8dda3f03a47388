-- When the access of a person changes: noted with the change, published to other products after it.
CREATE TABLE platform.access_change (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id uuid NOT NULL
);

CREATE TABLE webhooks.published_access (
  user_id      uuid PRIMARY KEY,
  active       boolean NOT NULL,
  source       text NOT NULL
    CONSTRAINT published_access_source_is_known CHECK (source IN ('subscription', 'credit', 'none')),
  until        timestamptz,
  tier         text NOT NULL CONSTRAINT published_access_tier_is_known CHECK (tier IN ('free', 'paid')),
  credit_until timestamptz,
  revision     bigint NOT NULL,
  changes_at   timestamptz
);
COMMENT ON COLUMN webhooks.published_access.changes_at IS 'when it changes by time alone; null: never';
CREATE INDEX published_access_by_change ON webhooks.published_access (changes_at) WHERE changes_at IS NOT NULL;

-- people who have access already
INSERT INTO platform.access_change (user_id)
SELECT user_id FROM billing.account WHERE tier = 'paid'
UNION SELECT user_id FROM credit.account WHERE until > now();
