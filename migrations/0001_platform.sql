-- What every module stands on: the audit trail, notes that may be erased, rate limits, idempotency keys.
CREATE SCHEMA platform;

CREATE FUNCTION platform.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%.% is append-only: write a new line instead', TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;

-- Who did what to whom. Ids and figures only: words a person wrote stand in platform.note, which can be erased.
CREATE TABLE platform.audit (
  id         uuid PRIMARY KEY,
  at         timestamptz NOT NULL,
  action     text NOT NULL,
  actor_kind text NOT NULL CONSTRAINT audit_actor_kind_is_known
             CHECK (actor_kind IN ('user', 'admin', 'operator', 'stripe', 'system')),
  actor_id   uuid,
  subject_id uuid,
  facts      jsonb NOT NULL DEFAULT '{}',
  note_id    uuid
);
CREATE INDEX audit_by_subject ON platform.audit (subject_id, id);
CREATE INDEX audit_by_action ON platform.audit (action, id);
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON platform.audit
  FOR EACH ROW EXECUTE FUNCTION platform.refuse_change();
CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON platform.audit
  FOR EACH STATEMENT EXECUTE FUNCTION platform.refuse_change();

CREATE TABLE platform.note (
  id         uuid PRIMARY KEY,
  subject_id uuid,
  text       text NOT NULL CONSTRAINT note_is_not_empty CHECK (text <> '')
);
CREATE INDEX note_by_subject ON platform.note (subject_id);

-- One row a limit and bucket; counted by one upsert, so it is exact over any number of processes.
CREATE TABLE platform.rate_limit (
  key        text PRIMARY KEY,
  hits       integer NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX rate_limit_by_expiry ON platform.rate_limit (expires_at);

-- The first answer to an Idempotency-Key, stored in the transaction of the work it answers.
CREATE TABLE platform.idempotency (
  caller_id  uuid NOT NULL,
  route      text NOT NULL,
  key        text NOT NULL,
  body_hash  bytea NOT NULL,
  status     integer NOT NULL,
  answer     jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (caller_id, route, key)
);
CREATE INDEX idempotency_by_age ON platform.idempotency (created_at);
