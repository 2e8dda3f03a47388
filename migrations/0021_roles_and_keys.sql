-- Who else than the owner uses this database: `npx twofold migrate` gives these roles their rights anew after each change.
CREATE TABLE platform.database_role (
  name   text PRIMARY KEY,
  access text NOT NULL CONSTRAINT database_role_access_is_known CHECK (access IN ('app', 'reader'))
);

-- Which secret keys have ever made something here, by a fingerprint that tells nothing of the key. What is kept for good as
-- a keyed hash (who was rewarded before, who shares a card) can be recognised only with the key that made it.
CREATE TABLE platform.secret_key (
  id            text PRIMARY KEY,
  first_used_at timestamptz NOT NULL,
  given_up_at   timestamptz
);
