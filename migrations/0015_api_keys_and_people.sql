-- Other products name people by ids of their own, and act with API keys.

-- safe beside the release before: no release has run on this schema
ALTER TABLE auth."user"
  ADD COLUMN external_id text
    CONSTRAINT user_external_id_is_unique UNIQUE
    CONSTRAINT user_external_id_is_visible_ascii CHECK (external_id ~ '^[\x21-\x7e]{1,200}$');
COMMENT ON COLUMN auth."user".external_id IS 'the id of this person in the product that uses the API';

CREATE TABLE auth.api_key (
  id           uuid PRIMARY KEY,
  name         text NOT NULL CONSTRAINT api_key_name_is_short CHECK (length(name) BETWEEN 1 AND 100),
  secret_hash  bytea NOT NULL CONSTRAINT api_key_secret_hash_is_sha256 CHECK (octet_length(secret_hash) = 32),
  scopes       text[] NOT NULL
    CONSTRAINT api_key_has_known_scopes CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY[
      'people:read', 'people:write', 'access:read', 'credit:write', 'payments:write', 'events:read', 'webhooks:manage']),
  origins      text[] NOT NULL DEFAULT '{}',
  requests_per_minute integer NOT NULL
    CONSTRAINT api_key_limit_is_positive CHECK (requests_per_minute BETWEEN 1 AND 1000000),
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz CONSTRAINT api_key_expires_after_it_was_made CHECK (expires_at > created_at),
  revoked_at   timestamptz,
  last_used_at timestamptz,
  replaced_by  uuid CONSTRAINT api_key_is_replaced_by_a_key REFERENCES auth.api_key
);
COMMENT ON COLUMN auth.api_key.origins IS 'the web origins on which the tokens that it makes may be used';
COMMENT ON COLUMN auth.api_key.last_used_at IS 'within a minute';

-- Rises with every change of a person's access, so that a reader can drop what is older.
-- safe beside the release before: it leaves the default
ALTER TABLE billing.account ADD COLUMN revision bigint NOT NULL DEFAULT 0;

-- safe beside the release before: it writes only values that the old constraint allowed
ALTER TABLE platform.audit
  DROP CONSTRAINT audit_actor_kind_is_known,
  ADD CONSTRAINT audit_actor_kind_is_known
    CHECK (actor_kind IN ('user', 'admin', 'operator', 'stripe', 'system', 'api_key')) NOT VALID;
