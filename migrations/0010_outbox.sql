-- The transactional outbox: events of committed transactions whose handlers are not jobs yet. A worker
-- moves them into the job queue; a row of its own costs the transaction a fifth of what a job costs.
CREATE TABLE platform.outbox (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  published_at timestamptz NOT NULL DEFAULT now(),
  pending      jsonb NOT NULL
);
COMMENT ON COLUMN platform.outbox.published_at IS 'by the clock of the database, as in the job queue';
COMMENT ON COLUMN platform.outbox.pending IS 'the events, and the request and trace that they belong to';
