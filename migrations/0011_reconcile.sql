-- How far what Stripe has was compared with what we know. It only ever moves on.
CREATE TABLE billing.reconcile_cursor (
  what       text PRIMARY KEY CONSTRAINT reconcile_cursor_is_known CHECK (what IN ('events', 'objects')),
  reached_at timestamptz NOT NULL
);
COMMENT ON COLUMN billing.reconcile_cursor.reached_at IS 'everything that Stripe made before this moment has been compared, without a gap';
