-- The list of merges is sorted and filtered by when they were made; those that were undone are few.
-- safe beside the release before: there are few merges
CREATE INDEX merge_by_time ON accounts.merge (merged_at, id);
-- safe beside the release before: there are few merges
CREATE INDEX merge_undone ON accounts.merge (merged_at, id) WHERE undone_at IS NOT NULL;
