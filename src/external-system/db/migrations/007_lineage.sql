-- A backup that is put back takes revisions with it. What is stored here tells the registry's history from another one
-- that used the same numbers, and how far the other side has come.
ALTER TABLE case_record
  -- marks of the newest revisions that these values include, newest first; a mark is drawn once
  ADD COLUMN lineage text[] NOT NULL DEFAULT '{}',
  -- newest revision that Salesforce is known to have taken
  ADD COLUMN acknowledged_revision integer,
  -- above `revision` while the registry waits for Salesforce's state: the other side has seen a revision that is not known here
  ADD COLUMN seen_revision integer,
  -- the mark of that revision
  ADD COLUMN seen_mark text,
  -- of the request that set request_version: when its version began, and the digest of its values
  ADD COLUMN requested_at timestamptz,
  ADD COLUMN request_digest integer;

UPDATE case_record SET acknowledged_revision = revision WHERE sync_status = 'Success' AND deleted_at IS NULL;

ALTER TABLE case_revision
  -- its own mark, and the one of a lost revision that Salesforce brought back with it
  ADD COLUMN marks text[] NOT NULL DEFAULT '{}';
