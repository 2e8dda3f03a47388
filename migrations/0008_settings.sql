-- The backup that a user's client stores, with its last five revisions.
CREATE SCHEMA settings;

CREATE TABLE settings.backup (
  user_id    uuid NOT NULL
             CONSTRAINT backup_belongs_to_a_user REFERENCES auth."user" ON DELETE CASCADE,
  revision   integer NOT NULL CONSTRAINT backup_revision_starts_at_one CHECK (revision >= 1),
  data       json NOT NULL,
  size       integer NOT NULL,
  updated_at timestamptz NOT NULL,
  is_deleted boolean NOT NULL DEFAULT false,
  PRIMARY KEY (user_id, revision)
);
