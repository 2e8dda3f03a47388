-- No statement reads it: old events are found by their ids, which begin with the time.
-- safe beside the release before: nothing has read this index
DROP INDEX webhooks.event_by_time;
