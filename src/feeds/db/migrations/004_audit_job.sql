-- Earlier programs may work beside it.
-- The query job that reads a part of the rolling audit: after a crash it is read by its id, and not made again.
ALTER TABLE feed_audit ADD COLUMN job_id text;
-- when it was made: what it tells is not newer
ALTER TABLE feed_audit ADD COLUMN job_made_at timestamptz;
-- its part: after this record id
ALTER TABLE feed_audit ADD COLUMN job_from text;
-- up to this one; null: to the end
ALTER TABLE feed_audit ADD COLUMN job_to text;

-- What the audit of a run came to, as Salesforce's record of the run tells it.
ALTER TABLE feed_run ADD COLUMN audit jsonb;
