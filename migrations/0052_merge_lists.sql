-- What was merged out of an account is looked up for each person that staff look at or export.
-- safe beside the release before: merges are made by hand, so the table is small
CREATE INDEX merge_by_source ON life.merge (from_user_id, id);
