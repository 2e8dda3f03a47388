-- Merges of two accounts of one person: by whom, and what is needed to undo them. Ids and numbers only.
CREATE SCHEMA accounts;

CREATE TABLE accounts.merge (
  id             uuid PRIMARY KEY,
  from_user_id   uuid NOT NULL CONSTRAINT merge_is_from_a_user REFERENCES auth."user",
  into_user_id   uuid NOT NULL CONSTRAINT merge_is_into_a_user REFERENCES auth."user",
  merged_at      timestamptz NOT NULL,
  actor_kind     text NOT NULL
                 CONSTRAINT merge_is_done_by_staff CHECK (actor_kind IN ('admin', 'operator')),
  actor_id       uuid,
  note_id        uuid NOT NULL,
  moved_data     jsonb NOT NULL,
  undone_at      timestamptz,
  undone_note_id uuid,
  CONSTRAINT merge_joins_two_different_accounts CHECK (from_user_id <> into_user_id),
  CONSTRAINT merge_undone_has_a_reason CHECK ((undone_at IS NULL) = (undone_note_id IS NULL))
);
COMMENT ON COLUMN accounts.merge.moved_data IS 'by module: what each needs to undo the merge';
CREATE UNIQUE INDEX merge_is_active_once_per_account ON accounts.merge (from_user_id)
  WHERE undone_at IS NULL;
CREATE INDEX merge_by_into_user ON accounts.merge (into_user_id, id);
CREATE INDEX merge_by_from_user ON accounts.merge (from_user_id, id);
