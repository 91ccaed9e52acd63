-- The newest deletion or restoration in Salesforce that the registry was told of, by key: it may come before the
-- record does, and an older one that is sent again must still change nothing.
CREATE TABLE salesforce_deletion (
  key text PRIMARY KEY,
  at timestamptz NOT NULL,
  tombstone_id text NOT NULL,
  -- null: the Case was restored
  deletion jsonb
);

INSERT INTO salesforce_deletion (key, at, tombstone_id, deletion)
  SELECT key, salesforce_deletion_at, salesforce_deletion_id, salesforce_deletion
    FROM case_record
   WHERE salesforce_deletion_at IS NOT NULL;

ALTER TABLE case_record DROP COLUMN salesforce_deletion_at, DROP COLUMN salesforce_deletion_id;
