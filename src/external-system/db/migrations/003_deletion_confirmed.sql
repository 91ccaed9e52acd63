-- The newest deletion or restoration in Salesforce that the registry was told of: when it happened, and its tombstone.
-- An older one that is sent again changes nothing.
ALTER TABLE case_record ADD COLUMN salesforce_deletion_at timestamptz, ADD COLUMN salesforce_deletion_id text;
