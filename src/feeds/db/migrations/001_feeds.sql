-- A run of one feed of one company, from its first read to its last write.
CREATE TABLE feed_run (
  id bigserial PRIMARY KEY,
  key text NOT NULL UNIQUE,
  company text NOT NULL,
  feed text NOT NULL,
  -- 'running', 'held', 'succeeded', 'rows failed', 'failed', 'rejected', 'interrupted', 'dry run'
  status text NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  -- until when its process is believed to live; renewed with each batch
  lease_until timestamptz NOT NULL,
  -- the moment of the org up to which changes by others were looked at
  fence timestamptz,
  counts jsonb NOT NULL DEFAULT '{}',
  -- rows with a value, by field
  filled jsonb NOT NULL DEFAULT '{}',
  -- why it is held, or why it failed
  reasons jsonb NOT NULL DEFAULT '[]',
  decided_by text,
  decided_at timestamptz,
  api_calls bigint NOT NULL DEFAULT 0
);

-- two runs of one feed never overlap, and one that waits for a person lets no other begin
CREATE UNIQUE INDEX feed_run_open ON feed_run (company, feed) WHERE status IN ('running', 'held');
CREATE INDEX feed_run_latest ON feed_run (company, feed, id);

-- What Salesforce holds of each row, and what is to be written.
CREATE TABLE feed_row (
  company text NOT NULL,
  feed text NOT NULL,
  -- the external id as Salesforce compares it
  row_key text NOT NULL,
  -- its place in the notes of what a run has seen
  row_no bigserial,
  external_id text NOT NULL,
  salesforce_id text,
  -- digests of what Salesforce holds: as the view wrote it, and as Salesforce tells it; they advance when a write is confirmed
  exact text,
  held text,
  -- how somebody else touched the record since: 'edited', 'deleted'
  drift text,
  -- the run that read all records of the feed and met this one last
  observed_run bigint,
  -- the run that found the row to differ or to be unusable; a row that is as Salesforce holds it is not touched
  staged_run bigint,
  -- the run that did not find it in the view any more
  vanished_run bigint,
  -- the run that wrote it last
  written_run bigint,
  -- what is to be written; null: nothing
  next_exact text,
  next_held text,
  next_values jsonb,
  next_parents jsonb,
  -- why it cannot be written: code, field, message, remedy
  problem jsonb,
  refused_since timestamptz,
  -- the record in Salesforce that tells of it
  refusal_id text,
  attempts integer NOT NULL DEFAULT 0,
  -- it vanished from the view, and the record was marked so
  is_deactivated boolean NOT NULL DEFAULT false,
  PRIMARY KEY (company, feed, row_key)
);

CREATE INDEX feed_row_to_write ON feed_row (company, feed, row_key) WHERE next_values IS NOT NULL;
CREATE INDEX feed_row_refused ON feed_row (company, feed, row_key) WHERE problem IS NOT NULL;
CREATE INDEX feed_row_written ON feed_row (company, feed, written_run, row_key);
CREATE INDEX feed_row_told ON feed_row (company, feed, row_key) WHERE refusal_id IS NOT NULL;
CREATE INDEX feed_row_vanished ON feed_row (company, feed, row_key) WHERE vanished_run IS NOT NULL;
CREATE INDEX feed_row_of_record ON feed_row (company, feed, salesforce_id) WHERE salesforce_id IS NOT NULL;

-- Bulk jobs that were created, by the ids that Salesforce gave them: a job is resumed by its id, never created again.
CREATE TABLE feed_job (
  job_id text PRIMARY KEY,
  run_id bigint NOT NULL REFERENCES feed_run (id),
  company text NOT NULL,
  feed text NOT NULL,
  created_at timestamptz NOT NULL,
  -- its results stand in the rows
  noted_at timestamptz
);
CREATE INDEX feed_job_open ON feed_job (company, feed) WHERE noted_at IS NULL;
